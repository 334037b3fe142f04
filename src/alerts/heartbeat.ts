import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { createLoop, type Loop } from '#src/kernel/loop.ts'

export interface HeartbeatParts {
  /** Asked with GET; who answers calls people when nobody asks any more. */
  readonly url: string
  /** Whether Helix watches at this moment, and this process is the one that does. */
  readonly beats: () => boolean
  readonly clock: Clock
  readonly log: Log
}

export const heartbeatDefaults = { everyMs: 60_000, retryMs: 5_000, patienceMs: 10_000 } as const

/** Tells somebody outside that Helix watches: the one thing that Helix cannot tell by itself is its own death. */
export function createHeartbeat({ url, beats, clock, log }: HeartbeatParts): Loop {
  let isFailing = false

  async function beat(signal: AbortSignal): Promise<void> {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(heartbeatDefaults.patienceMs)]) })
    await answer.body?.cancel()
    if (!answer.ok) throw new Error(`it answers ${answer.status}`)
  }

  return createLoop(async (signal) => {
    if (!beats()) return heartbeatDefaults.retryMs
    try {
      await beat(signal)
      if (isFailing) log.info({}, 'the heartbeat is taken again')
      isFailing = false
    } catch (error) {
      // The URL is a secret of whoever set it.
      if (!isFailing && !signal.aborted) log.warn({ reason: reasonOf(error) }, 'the heartbeat is not taken')
      isFailing = true
    }
    return isFailing ? heartbeatDefaults.retryMs : heartbeatDefaults.everyMs
  }, clock)
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
