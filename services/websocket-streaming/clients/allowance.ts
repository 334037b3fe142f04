import type { Clock } from '#src/kernel/clock.ts'

/** So many a second, and a burst of so many at once. Answers false for one too many. */
export function createAllowance(clock: Clock, perSecond: number, burst: number): () => boolean {
  let left = burst
  let at = clock.now().getTime()
  return () => {
    const now = clock.now().getTime()
    left = Math.min(burst, left + ((now - at) / 1_000) * perSecond)
    at = now
    left -= 1
    return left >= 0
  }
}
