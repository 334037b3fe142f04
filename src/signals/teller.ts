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

export const tellerDefaults = { idleMs: 5_000, patienceMs: 30_000, olderMs: 3_600_000, onceSeconds: 7_200 } as const

/**
 * Tells of turns that were written: to the events of this process, and on the channel `service:health`. Each at least once, in order, over the
 * death of the process that wrote it; whoever is told of one twice does the same as once. What fails is tried again, for an hour.
 */
export function createTeller({ rows, emit, streams, mayTell, clock, log }: TellerDeps) {
  let failing = false
  const loop = createLoop(async (signal) => {
    if (mayTell())
      await tellAll(signal).then(
        () => note(false),
        (err: unknown) => note(true, err),
      )
    return tellerDefaults.idleMs
  }, clock)

  async function tellAll(signal: AbortSignal): Promise<void> {
    const untold = await rows.untold(new Date(clock.now().getTime() - tellerDefaults.olderMs))
    // Redis being away holds nobody's alert up.
    for (const one of untold) if (!one.told && !signal.aborted) await announce(one)
    for (const one of untold) if (!one.published && !signal.aborted) await publish(one)
  }

  async function announce({ id, turned }: Untold): Promise<void> {
    const over = new AbortController()
    const done = await Promise.race([emit('health.turned', turned), clock.sleep(tellerDefaults.patienceMs, over.signal).then(() => false)])
    over.abort()
    if (done) await rows.mark(id, 'told_at', clock.now())
    else log.warn({ service: turned.service.name, to: turned.to }, 'a turn of health is not taken yet: it is told again')
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
