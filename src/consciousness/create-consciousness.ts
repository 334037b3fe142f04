import type { Store } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'
import { channels } from '#src/kernel/channels.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import { createLoop } from '#src/kernel/loop.ts'
import type { Lease } from '#src/signals/lease.ts'
import type { EnvironmentSignals } from '#src/signals/signals.ts'
import type { Streams } from '#src/streams/streams.ts'
import { nextBaselines } from './baselines.ts'
import { startCollector } from './collector.ts'
import { computedReading, partsOf } from './computed-level.ts'
import { computedMessage } from './computed-message.ts'
import { type Consciousness, type ConsciousnessReading, freshMs } from './consciousness.ts'
import { counted } from './counted.ts'
import { createHistory } from './history.ts'
import { computedChannel, createSourceRows, type KnownSource, sourcesChanged } from './source-rows.ts'
import { tallyOf } from './tally.ts'

export interface ConsciousnessParts {
  readonly store: Pick<Store, 'db' | 'listen'>
  readonly streams: Pick<Streams, 'publish' | 'subscribe' | 'read'>
  /** Of the one process that collects. */
  readonly lease: Lease
  /** Messages name no place: they belong to this one, the bot's own. Undefined while no server is served. */
  readonly home: () => Place | undefined
  /** How the services of an environment are that nobody watches. Throws UpstreamError where Railway cannot be read. */
  readonly readOnce: (place: Place) => Promise<EnvironmentSignals>
  readonly clock: Clock
  readonly log: Log
}

export interface RunningConsciousness extends Consciousness {
  /** Knows what is kept by the time that it resolves, and collects from then on (one process of all at a time). */
  start(): Promise<void>
  stop(): Promise<void>
}

/** How often it is looked for what is new without being told, and again after a failure, in ms. */
const look = { idleMs: 60_000, retryMs: 2_000 } as const
/** A computed level is published at most once in this time by all processes together, in ms. */
const publishEveryMs = 60_000
/** What was worked out for somebody who asked is good for so long, in ms. */
const lookedMs = 60_000

export function createConsciousness({ store, streams, lease, home, readOnce, clock, log }: ConsciousnessParts): RunningConsciousness {
  const rows = createSourceRows(store)
  const history = createHistory(store)
  let known: readonly KnownSource[] = []
  let collector: ReturnType<typeof startCollector> | undefined
  let ear: { stop(): Promise<void> } | undefined

  const reload = createLoop(async () => {
    try {
      ear ??= await store.listen(sourcesChanged, () => reload.wake())
      known = await rows.load()
      return look.idleMs
    } catch (err) {
      log.debug({ err }, 'what is known of the sources could not be read')
      return look.retryMs
    }
  }, clock)

  const of = (place: Place) => known.filter((each) => isSame(each.place, place))

  /** Newest first. */
  function published(place: Place, maxAgeMs: number): readonly ConsciousnessReading[] {
    const oldest = clock.now().getTime() - maxAgeMs
    const fresh = readingsOf(of(place)).filter(({ computed, at }) => !computed && at.getTime() >= oldest)
    return fresh.sort((a, b) => b.at.getTime() - a.at.getTime())
  }

  function computed(place: Place, apart?: string): ConsciousnessReading | undefined {
    const { reading, parts } = of(place).find((each) => each.reading?.computed) ?? {}
    return reading && parts && apart !== undefined ? computedReading(parts.services, reading.at, apart) : reading
  }

  async function publish({ place, environment }: EnvironmentSignals, reading: ConsciousnessReading): Promise<void> {
    const minute = Math.floor(reading.at.getTime() / publishEveryMs)
    const once = { key: `computed:${place.project}:${place.environment}:${minute}`, seconds: 300 }
    await streams.publish(channels.consciousness, computedMessage(reading, environment), { once })
  }

  async function reckon(signals: EnvironmentSignals): Promise<void> {
    if (signals.stale) return
    const { place } = signals
    const before = of(place).find(({ parts }) => parts)?.parts?.baselines ?? {}
    const parts = { services: partsOf(signals, before), baselines: nextBaselines(before, signals) }
    const reading = computedReading(parts.services, signals.at)
    if (!reading) return
    await rows.writeComputed(place, reading, parts)
    const { at, source } = reading
    await history.write(place, [{ ...tallyOf(reading), at, source, channel: computedChannel, count: 1, computed: true }])
    if (isSame(place, home()) && published(place, freshMs).length === 0) await publish(signals, reading)
  }

  const looks = new Map<string, Promise<void>>()
  async function lookOnce(place: Place): Promise<void> {
    try {
      await reckon(await readOnce(place))
      known = await rows.load()
    } catch (err) {
      if (!(err instanceof UpstreamError)) throw err
      log.info({ err, environment: place.environment }, 'an environment that is not watched could not be looked at')
    }
  }

  return {
    now(place, { maxAgeMs = freshMs, apart } = {}) {
      const own = computed(place, apart)
      const isFresh = own !== undefined && clock.now().getTime() - own.at.getTime() <= maxAgeMs
      return (
        counted([...published(place, maxAgeMs), ...(isFresh ? [own] : [])]) ?? newest([...(own ? [own] : []), ...readingsOf(of(place))])
      )
    },
    async look(place) {
      const own = computed(place)
      if (published(place, freshMs).length > 0 || (own && clock.now().getTime() - own.at.getTime() <= lookedMs)) return
      const key = JSON.stringify([place.guild, place.project, place.environment])
      const underWay = looks.get(key) ?? lookOnce(place).finally(() => looks.delete(key))
      looks.set(key, underWay)
      await underWay
    },
    sources(place) {
      const mine = of(place)
      return {
        readings: readingsOf(mine).sort((a, b) => b.at.getTime() - a.at.getTime()),
        unreadable: mine.flatMap(({ unreadable }) => unreadable ?? []).sort((a, b) => b.count - a.count),
      }
    },
    history(place, windowMs, most) {
      const to = clock.now()
      return history.read(place, { from: new Date(to.getTime() - windowMs), to }, most)
    },
    reckon,
    async start() {
      known = await rows.load()
      reload.start()
      collector = startCollector({ streams, lease, rows, history, home, clock, log })
    },
    async stop() {
      await collector?.stop()
      await ear?.stop()
      await reload.stop()
    },
  }
}

function isSame({ guild, project, environment }: Place, other: Place | undefined): boolean {
  return other?.guild === guild && other.project === project && other.environment === environment
}

function newest(readings: readonly ConsciousnessReading[]): ConsciousnessReading | undefined {
  return readings.reduce<ConsciousnessReading | undefined>((best, each) => (best && best.at >= each.at ? best : each), undefined)
}

function readingsOf(sources: readonly KnownSource[]): ConsciousnessReading[] {
  return sources.flatMap(({ reading }) => reading ?? [])
}
