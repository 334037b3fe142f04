import type { RailwayAccess } from '#src/adapters/railway/railway.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { createLoop } from '#src/kernel/loop.ts'
import type { Signals } from '#src/signals/signals.ts'
import { type AlertKind, isOf, type ReadRule, type RuleOf } from '../rule.ts'
import type { RuleRows } from '../rule-rows.ts'
import { isFor } from '../service-rules.ts'
import { readCertificates } from './certificates.ts'
import { readCosts } from './costs.ts'
import type { Handshake } from './handshake.ts'
import { readLogHits } from './log-hits.ts'
import type { ReadingKind, ReadingRows, Readings } from './readings.ts'

export interface ReadersParts {
  readonly rows: Pick<RuleRows, 'all'>
  readonly readings: ReadingRows
  readonly access: RailwayAccess
  readonly signals: Pick<Signals, 'newest' | 'cadence'>
  readonly handshake: Handshake
  readonly watched: () => readonly Place[]
  readonly decides: () => boolean
  readonly clock: Clock
  readonly log: Log
}

export interface Readers {
  start(): void
  stop(): Promise<void>
  /** What a rule is decided from, read now. Throws UpstreamError, and UserError where the place has no token. */
  now(place: Place, rule: ReadRule): Promise<Readings>
}

export const readersPace = {
  /** How often it is looked whether something is due. */
  lookMs: 3_000,
  /** The logs are read with the health cycle, and not more often. */
  leastLogMs: 15_000,
  costMs: 30 * 60_000,
  certificateMs: 15 * 60_000,
  /** After a failure. */
  retryMs: 60_000,
  /** What is no older than that is not read again for a test. */
  freshMs: 60_000,
} as const

type Polled = Exclude<ReadingKind, 'webhook'>
type Read<Kind extends Polled> = (
  place: Place,
  rules: readonly RuleOf<Kind>[],
  before: Readings[Kind],
  now: number,
) => Promise<NonNullable<Readings[Kind]>>

/** Reads what rules ask for besides services, each kind as often as it needs and only where a rule asks, in the process that decides. */
export function createReaders(parts: ReadersParts): Readers {
  const { rows, readings, access, signals, handshake, watched, decides, clock, log } = parts
  const readLog: Read<'log'> = async (place, rules, before, now) => readLogHits(await access(place), place, rules, before, now)
  const readCost: Read<'cost'> = async (place, _, __, now) =>
    readCosts(await access(place), place, signals.newest(place)?.services ?? [], now)
  const readCertificate: Read<'certificate'> = async (place, _, __, now) => readCertificates(await access(place), handshake, place, now)

  async function rulesOf<Kind extends AlertKind>(place: Place, kind: Kind): Promise<readonly RuleOf<Kind>[]> {
    const environment = signals.newest(place)?.environment ?? place.environment
    return (await rows.all(place))
      .map(({ rule }) => rule)
      .filter((rule) => isFor(rule, environment))
      .filter(isOf(kind))
  }

  /** Nobody else has read on meanwhile. */
  async function keep<Kind extends Polled>(
    place: Place,
    kind: Kind,
    known: Readings[Kind],
    read: NonNullable<Readings[Kind]>,
  ): Promise<void> {
    await readings.change(place, kind, (before) => (before?.at === known?.at ? read : undefined))
  }

  /** Answers what has a turn at a place and says when it is due again, in ms since 1970. Never throws. */
  function polled<Kind extends Polled>(kind: Kind, everyMs: (place: Place) => number, read: Read<Kind>) {
    let isFailing = false

    async function look(place: Place, now: number): Promise<number> {
      const rules = await rulesOf(place, kind)
      if (rules.length === 0) return 0
      const known = (await readings.load(place))[kind]
      // Another process may have read it a moment ago; a clock may have been put back.
      const age = known ? now - known.at : Infinity
      if (age >= 0 && age < everyMs(place)) return now + everyMs(place) - age
      await keep(place, kind, known, await read(place, rules, known, now))
      if (isFailing) log.info({ kind }, 'what alert rules ask for is read again')
      isFailing = false
      return now + everyMs(place)
    }

    return async (place: Place, now: number): Promise<number> => {
      try {
        return await look(place, now)
      } catch (err) {
        if (!isFailing)
          log.warn({ err, kind, environment: place.environment }, 'what alert rules ask for cannot be read: it is tried again')
        isFailing = true
        return now + Math.min(everyMs(place), readersPace.retryMs)
      }
    }
  }

  async function fresh<Kind extends Polled>(place: Place, kind: Kind, read: Read<Kind>): Promise<Readings[Kind]> {
    const now = clock.now().getTime()
    const known = (await readings.load(place))[kind]
    if (known && Math.abs(now - known.at) < readersPace.freshMs) return known
    const made = await read(place, [], known, now)
    await keep(place, kind, known, made)
    return made
  }

  const kinds = [
    polled('log', logEveryMs, readLog),
    polled('cost', () => readersPace.costMs, readCost),
    polled('certificate', () => readersPace.certificateMs, readCertificate),
  ]
  /** Of each place when each kind is due. */
  let due = new Map<string, readonly number[]>()

  const loop = createLoop(async (signal) => {
    const now = clock.now().getTime()
    const next: typeof due = new Map()
    for (const place of decides() ? watched() : []) {
      if (signal.aborted) break
      const key = JSON.stringify(place)
      const before = due.get(key) ?? []
      const turns = kinds.map(async (turn, kind) => ((before[kind] ?? 0) > now ? before[kind]! : turn(place, now)))
      next.set(key, await Promise.all(turns))
    }
    due = next
    return readersPace.lookMs
  }, clock)

  /** Where few requests are left, every other turn is health's alone. */
  function logEveryMs(place: Place): number {
    const { everyMs = readersPace.retryMs, slowed = false } = signals.cadence(place) ?? {}
    return Math.max(readersPace.leastLogMs, everyMs * (slowed ? 2 : 1))
  }

  return {
    start: loop.start,
    stop: loop.stop,
    async now(place, rule) {
      if (rule.kind === 'log') {
        const now = clock.now().getTime()
        return { log: await readLog(place, [rule], { at: now - rule.within, hits: [], flooded: false }, now) }
      }
      if (rule.kind === 'cost') return { cost: await fresh(place, 'cost', readCost) }
      if (rule.kind === 'certificate') return { certificate: await fresh(place, 'certificate', readCertificate) }
      return readings.load(place)
    },
  }
}
