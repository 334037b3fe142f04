import { sayDuration } from '#src/kernel/arguments/duration.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { ComponentState, Components } from './components.ts'

const PATIENCE_MS = 1_000

/** Asks one thing that Helix stands on. Answers a few plain words, or nothing (then the time it took is shown); rejects where it cannot be used. */
export type Check = () => Promise<string | undefined>

export function createComponents(checks: Readonly<Record<string, Check>>, clock: Clock): Components {
  return { check: () => Promise.all(Object.entries(checks).map(([name, check]) => stateOf(name, check, clock))) }
}

async function stateOf(name: string, check: Check, clock: Clock): Promise<ComponentState> {
  const started = clock.now().getTime()
  const answered = new AbortController()
  const tooLate = clock.sleep(PATIENCE_MS, answered.signal).then(() => {
    throw new Error('too late')
  })
  try {
    const detail = await Promise.race([check(), tooLate])
    return { name, ok: true, detail: detail ?? `answers in ${sayDuration(clock.now().getTime() - started)}` }
  } catch {
    // Why is the log's business, where the connection itself writes it once; members read that it is not there.
    return { name, ok: false, detail: 'does not answer' }
  } finally {
    // Only the race is told that it was too late; once that is decided, nobody awaits this any more.
    tooLate.catch(() => undefined)
    answered.abort()
  }
}
