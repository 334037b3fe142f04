import type { Clock } from '#src/kernel/clock.ts'
import type { SpokenUtterance } from './room.ts'

/** When the recognition of an utterance must stop. */
export interface Deadline {
  /** Aborted with the answer of `why`. */
  readonly signal: AbortSignal
  /** `dropped`: the member left or withdrew the consent. `late`: the recogniser took too long after the last word. */
  readonly why: 'dropped' | 'late' | undefined
  /** Milliseconds since the utterance ended. */
  sinceEnd(): number
  close(): void
}

export interface DeadlineDeps {
  readonly utterance: Pick<SpokenUtterance, 'ended'>
  /** The member's own no, which may come after the last word. */
  readonly withdrawn: AbortSignal | undefined
  readonly clock: Clock
  readonly finalMs: number
}

export function setDeadline({ utterance, withdrawn, clock, finalMs }: DeadlineDeps): Deadline {
  const stop = new AbortController()
  const closed = new AbortController()
  const drop = () => stop.abort('dropped')
  let endedAt = clock.now().getTime()

  async function watch(): Promise<void> {
    const how = await utterance.ended
    endedAt = clock.now().getTime()
    if (how === 'dropped') return drop()
    await clock.sleep(finalMs, closed.signal)
    if (!closed.signal.aborted) stop.abort('late')
  }

  withdrawn?.addEventListener('abort', drop, { once: true })
  if (withdrawn?.aborted) drop()
  void watch()
  return {
    signal: stop.signal,
    get why() {
      return stop.signal.aborted ? stop.signal.reason : undefined
    },
    sinceEnd: () => clock.now().getTime() - endedAt,
    close() {
      closed.abort()
      withdrawn?.removeEventListener('abort', drop)
    },
  }
}
