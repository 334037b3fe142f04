import { randomUUID } from 'node:crypto'
import type { RateBudget } from '#src/adapters/railway/railway.ts'
import type { Store } from '#src/adapters/store/store.ts'
import type { Environments } from '#src/environments/environments.ts'
import type { Assess } from '#src/health/assess.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Emit } from '#src/kernel/emit.ts'
import type { Log } from '#src/kernel/log.ts'
import { readJson } from '#src/kernel/read-json.ts'
import { repeat } from '#src/kernel/repeat.ts'
import type { Operations } from '#src/operations/operations.ts'
import type { Streams } from '#src/streams/streams.ts'
import { healthChannel, updateMessage } from './health-message.ts'
import { createLease } from './lease.ts'
import { createSignalRows, type Kept, readChannel } from './signal-rows.ts'
import type { Signals } from './signals.ts'
import { createTeller } from './teller.ts'
import { createWatch, type Watch } from './watch.ts'

export interface SignalsDeps {
  readonly store: Store
  readonly environments: Pick<Environments, 'state'>
  readonly assess: Assess
  readonly operations: Pick<Operations, 'open'>
  readonly streams: Pick<Streams, 'publish'>
  /** Tells the events of this process: `signals.read` after each look, `health.turned` for each turn. */
  readonly emit: Emit
  /** The environments that are looked at; asked for again and again. */
  readonly watched: () => Promise<readonly Place[]>
  readonly budget: (place: Place) => Promise<RateBudget | undefined>
  readonly everyMs: number
  /** How long after the death of the process that decides another takes over, at most. */
  readonly leaseMs?: number
  readonly clock: Clock
  readonly log: Log
}

export interface SignalsCycle extends Signals {
  /** Resolves when it knows what other processes found; looks from then on, when this process has the lease. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Whether it is this process that looks and decides. */
  decides(): boolean
  prune(before: Date): Promise<void>
}

export const signalsDefaults = { leaseMs: 5_000, lookPatienceMs: 30_000 } as const
const lookChannel = 'signals_look'

/** The health cycle: of all processes on one database one looks and decides, and all know what it found. */
export function createSignals(deps: SignalsDeps): SignalsCycle {
  const { store, streams, emit, watched, clock, log, leaseMs = signalsDefaults.leaseMs } = deps
  const rows = createSignalRows(deps)
  const lease = createLease({ store, name: 'signals', holder: randomUUID(), ttlMs: leaseMs, log })
  const newest = new Map<string, Kept>()
  const watches = new Map<string, Watch>()
  const ending = new Set<Promise<void>>()
  const waiting = new Map<string, PromiseWithResolvers<void>>()
  const stopped = new AbortController()
  let decides = false
  let turns: { stop(): Promise<void> } | undefined
  let listeners: readonly { stop(): Promise<void> }[] = []
  const teller = createTeller({ rows, emit, streams, mayTell: () => decides, clock, log })

  /** Everything that is due three times in a lease: to have it, and to watch what is to be watched. */
  async function supervise(): Promise<void> {
    decides = !stopped.signal.aborted && (await lease.hold())
    const places = decides ? await watched() : []
    const wanted = new Map(places.map((place) => [keyOf(place), place]))
    for (const [key, watch] of watches) if (!wanted.has(key)) end(key, watch)
    for (const [key, place] of wanted) if (!watches.has(key)) begin(key, place)
  }

  function begin(key: string, place: Place): void {
    const watch = createWatch(place, { ...deps, rows, lease, watching: () => watches.size, onRead })
    watches.set(key, watch)
    watch.start()
    teller.wake()
  }

  /** Does not wait: a look may take longer than the lease. */
  function end(key: string, watch: Watch): void {
    watches.delete(key)
    const over = watch.stop().finally(() => ending.delete(over))
    ending.add(over)
  }

  function onRead(kept: Kept, turned: boolean): void {
    take(kept)
    if (turned) teller.wake()
    void emit('signals.read', kept.signals)
    streams
      .publish(healthChannel, updateMessage(kept.signals))
      .catch((err: unknown) => log.debug({ err }, 'the story of a health cycle could not be published'))
  }

  function take(kept: Kept): void {
    const key = keyOf(kept.signals.place)
    newest.set(key, kept)
    waiting.get(key)?.resolve()
    waiting.delete(key)
  }

  /** Another process read an environment; an empty payload: something may have been missed. */
  async function onTold(payload: string): Promise<void> {
    if (decides) return
    const place = placeOf(payload)
    const found = place ? [await rows.load(place)] : await rows.all()
    for (const kept of found) if (kept) take(kept)
  }

  async function lookElsewhere(place: Place): Promise<void> {
    const key = keyOf(place)
    const told = waiting.get(key) ?? Promise.withResolvers<void>()
    waiting.set(key, told)
    const enough = new AbortController()
    await rows.ask(lookChannel, place)
    await Promise.race([told.promise, clock.sleep(signalsDefaults.lookPatienceMs, AbortSignal.any([enough.signal, stopped.signal]))])
    enough.abort()
  }

  const failed = (err: unknown) => log.warn({ err }, 'what the health cycle found could not be read')
  return {
    newest: (place) => newest.get(keyOf(place))?.signals,
    cadence: (place) => newest.get(keyOf(place))?.cadence,
    held(place, service) {
      const kept = newest.get(keyOf(place))
      // What is this old was found by nobody who is still there.
      if (!kept || clock.now().getTime() - kept.signals.at.getTime() > 3 * kept.cadence.everyMs + 30_000) return undefined
      return kept.signals.services.find((one) => one.service.id === service)
    },
    async lookNow(place) {
      const watch = watches.get(keyOf(place))
      if (watch) await watch.look()
      else if (newest.has(keyOf(place)) && !decides) await lookElsewhere(place)
    },
    async start() {
      for (const kept of await rows.all()) take(kept)
      listeners = await Promise.all([
        store.listen(readChannel, (payload) => void onTold(payload).catch(failed)),
        store.listen(lookChannel, (payload) => {
          const place = placeOf(payload)
          if (place) void watches.get(keyOf(place))?.look()
        }),
      ])
      teller.start()
      turns = repeat({ name: 'health cycle', everyMs: leaseMs / 3, clock, log, run: supervise })
    },
    async stop() {
      stopped.abort()
      await turns?.stop()
      decides = false
      for (const [key, watch] of watches) end(key, watch)
      await Promise.all([...ending, teller.stop(), ...listeners.map((listener) => listener.stop())])
      await lease.release()
    },
    decides: () => decides,
    prune: rows.prune,
  }
}

function keyOf({ guild, project, environment }: Place): string {
  return JSON.stringify([guild, project, environment])
}

function placeOf(payload: string): Place | undefined {
  const { guild, project, environment } = (readJson(payload) ?? {}) as Partial<Place>
  return guild !== undefined && project !== undefined && environment !== undefined ? { guild, project, environment } : undefined
}
