import type { Clock } from '#src/kernel/clock.ts'
import type { Emit } from '#src/kernel/emit.ts'
import type { Log } from '#src/kernel/log.ts'
import { createLoop } from '#src/kernel/loop.ts'
import type { Streams } from '#src/streams/streams.ts'
import { healthChannel, turnedMessage } from './health-message.ts'
import type { SignalRows, Untold } from './signal-rows.ts'

export interface TellerDeps {
  readonly rows: Pick<SignalRows, 'untold' | 'mark'>
  readonly emit: Emit
  readonly streams: Pick<Streams, 'publish'>
  /** Only the process that decides tells. */
  readonly mayTell: () => boolean
  readonly clock: Clock
  readonly log: Log
}

export const tellerDefaults = {
  idleMs: 5_000,
  /** How long whoever is told may take. */
  patienceMs: 10_000,
  /** What failed is told again after so long, then after twice as long each time; and no more when it is so old. */
  firstRetryMs: 5_000,
  lastRetryMs: 300_000,
  olderMs: 3_600_000,
  onceSeconds: 7_200,
} as const

/**
 * Tells of turns that were written: to the events of this process, and on the channel `service:health`. Each at least once, over the death of the
 * process that wrote it; those of one service in their order. Whoever is told of one twice does the same as once.
 */
export function createTeller({ rows, emit, streams, mayTell, clock, log }: TellerDeps) {
  /** Services whose next turn was not taken. */
  const waiting = new Map<string, { readonly tries: number; readonly until: number }>()
  let failing = false
  const now = () => clock.now().getTime()
  const loop = createLoop(async () => {
    if (mayTell()) {
      await tellAll().then(
        () => note(false),
        (err: unknown) => note(true, err),
      )
    }
    return tellerDefaults.idleMs
  }, clock)

  async function tellAll(): Promise<void> {
    const untold = await rows.untold(new Date(now() - tellerDefaults.olderMs))
    const services = Map.groupBy(
      untold.filter(({ told }) => !told),
      ({ turned: { place, service } }) => JSON.stringify([place.guild, place.environment, service.id]),
    )
    for (const key of waiting.keys()) if (!services.has(key)) waiting.delete(key)
    await Promise.all([...services].map(([key, turns]) => announceAll(key, turns)))
    // Last: Redis being away holds nobody's alert up.
    for (const one of untold) if (!one.published) await publish(one)
  }

  /** In their order: the end of a trouble must not be told before its beginning. */
  async function announceAll(service: string, turns: readonly Untold[]): Promise<void> {
    const { tries, until } = waiting.get(service) ?? { tries: 0, until: 0 }
    if (now() < until) return
    for (const { id, turned } of turns) {
      if (!(await isTaken(turned))) {
        const pauseMs = Math.min(tellerDefaults.lastRetryMs, tellerDefaults.firstRetryMs * 2 ** tries)
        waiting.set(service, { tries: tries + 1, until: now() + pauseMs })
        log.warn({ service: turned.service.name, to: turned.to }, 'a turn of health is not taken yet: it is told again')
        return
      }
      waiting.delete(service)
      await rows.mark(id, 'told_at', clock.now())
    }
  }

  async function isTaken(turned: Untold['turned']): Promise<boolean> {
    const over = new AbortController()
    const late = clock.sleep(tellerDefaults.patienceMs, over.signal).then(() => false)
    const taken = await Promise.race([emit('health.turned', turned), late])
    over.abort()
    return taken
  }

  async function publish({ id, turned }: Untold): Promise<void> {
    const once = { key: `health-turn:${id}`, seconds: tellerDefaults.onceSeconds }
    await streams.publish(healthChannel, turnedMessage(turned, clock.now()), { once })
    await rows.mark(id, 'published_at', clock.now())
  }

  function note(fails: boolean, err?: unknown): void {
    if (fails && !failing) log.warn({ err }, 'turns of health cannot be told: they are kept and told later')
    failing = fails
  }

  return loop
}
