import type { ConsciousnessReading } from '#src/consciousness/consciousness.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import { createLoop } from '#src/kernel/loop.ts'
import type { Signals } from '#src/signals/signals.ts'
import type { Streams, Subscription } from '#src/streams/streams.ts'
import { type Heard, hear } from './heard.ts'
import { evaluatePlace } from './place-rules.ts'
import type { ReadingRows } from './readings/readings.ts'
import type { Rounds } from './rounds.ts'
import { type BlindSpot, type HeardRule, isHeard, isOfServices, isRead, type Rule } from './rule.ts'
import type { RuleRows } from './rule-rows.ts'
import { isFor } from './service-rules.ts'

export interface LookingParts {
  readonly rows: Pick<RuleRows, 'all'>
  readonly rounds: Rounds
  readonly readings: Pick<ReadingRows, 'load'>
  readonly streams: Pick<Streams, 'read' | 'bridge'>
  readonly signals: Pick<Signals, 'newest'>
  readonly blindSpots: (place: Place, now: number) => Promise<ReadonlyMap<BlindSpot, string>>
  readonly fresh: (place: Place, now: number) => ConsciousnessReading | undefined
  readonly watched: () => readonly Place[]
  readonly home: () => Place | undefined
  readonly decides: () => boolean
  readonly clock: Clock
  readonly log: Log
}

/** How often everything is looked at that is no service, in ms; it costs no request to Railway. */
export const lookEveryMs = 5_000
/** Longer than that between two looks, and what was only pending begins again. */
const gapMs = 60_000
/** A look that takes longer hangs: Helix does not watch, whatever it holds to be so. */
const longestLookMs = 60_000

/** Looks at what rules say of streams, consciousness and Helix itself, in the process that decides; tells what could not be told before. */
export function createLooking(parts: LookingParts) {
  const { rows, rounds, readings, streams, signals, blindSpots, fresh, watched, home, decides, clock, log } = parts
  const bridges = new Map<string, Subscription>()
  const lookedAt = new Map<string, number>()
  let isFailing = false
  let isBlind = true
  let endedAt = Number.NEGATIVE_INFINITY

  async function look(place: Place): Promise<readonly Rule[]> {
    const now = clock.now().getTime()
    const environment = signals.newest(place)?.environment ?? place.environment
    const rules = (await rows.all(place)).map(({ rule }) => rule).filter((rule) => isFor(rule, environment))
    const own = rules.filter((rule) => !isOfServices(rule))
    const kept = await rounds.read(place)
    const heard = isSame(place, home()) ? await hearing(own.filter(isHeard), kept.heard, now) : undefined
    const blind = own.some(({ kind }) => kind === 'helix') ? await blindSpots(place, now) : new Map<BlindSpot, string>()
    const read = own.some(isRead) ? await readings.load(place) : {}
    const services = signals.newest(place)?.services.map(({ service }) => service)
    const key = `${place.guild} ${place.project} ${place.environment}`
    const gapped = now - (lookedAt.get(key) ?? now) > gapMs
    lookedAt.set(key, now)
    const seen = { environment, now, reading: fresh(place, now), heard, blind, services, readings: read }
    const names = new Set(rules.map(({ name }) => name))
    if (own.length === 0 && kept.standings.every((each) => !each.untold && names.has(each.rule) && each.subject !== 'test')) return own
    await rounds.make(place, ({ standings, heard: meanwhile }) => {
      // Another process has read on: its count holds, and this one comes too late.
      if (heard && meanwhile?.at !== kept.heard?.at) return undefined
      return { standings: evaluatePlace(own, seen, { before: standings, rules: names, gapped }), ...(heard && { heard }) }
    })
    return own
  }

  /** Undefined where Redis is away. */
  async function hearing(rules: readonly HeardRule[], before: Heard | undefined, now: number): Promise<Heard | undefined> {
    try {
      return await hear(streams, rules, before, now)
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error
      log.debug({ err: error }, 'the streams that rules name cannot be read')
      return undefined
    }
  }

  /** What foreign publishers only PUBLISH comes into the streams by these. */
  async function bridge(rules: readonly Rule[]): Promise<void> {
    const wanted = new Set<string>(rules.filter(isHeard).map(({ channel }) => channel))
    for (const [channel, open] of bridges) {
      if (wanted.has(channel)) continue
      bridges.delete(channel)
      await open.stop()
    }
    for (const channel of wanted) {
      if (!bridges.has(channel)) bridges.set(channel, await streams.bridge(channel, { onHeard() {}, onRefused() {} }))
    }
  }

  const loop = createLoop(async () => {
    try {
      const rules: Rule[] = []
      if (decides()) for (const place of watched()) rules.push(...(await look(place)))
      await bridge(rules)
      isBlind = !decides()
      endedAt = clock.now().getTime()
      if (isFailing) log.info({}, 'alert rules are looked at again')
      isFailing = false
    } catch (err) {
      if (!isFailing) log.warn({ err }, 'alert rules cannot be looked at: it is tried again')
      isFailing = true
      isBlind = true
    }
    return lookEveryMs
  }, clock)

  return {
    start: loop.start,
    async stop() {
      await loop.stop()
      isBlind = true
      for (const open of bridges.values()) await open.stop()
      bridges.clear()
    },
    /** Whether this process decides, and could by its last look, which ended a moment ago. */
    isWell: () => !isBlind && decides() && clock.now().getTime() - endedAt < longestLookMs,
  }
}

function isSame(place: Place, other: Place | undefined): boolean {
  return other?.guild === place.guild && other.project === place.project && other.environment === place.environment
}
