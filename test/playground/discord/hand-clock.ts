import type { Clock } from '#src/kernel/clock.ts'

/** A clock that stands still until it is turned; turning it ends the sleeps that are due. */
export function handClock(start = new Date('2026-06-01T12:00:00Z')): Clock & { turn(ms: number): Promise<void> } {
  let now = start.getTime()
  const sleepers = new Set<{ readonly until: number; wake(): void }>()
  return {
    now: () => new Date(now),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const sleeper = {
          until: now + ms,
          wake: () => {
            sleepers.delete(sleeper)
            resolve()
          },
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', sleeper.wake, { once: true })
      }),
    turn: async (ms) => {
      now += ms
      for (const sleeper of [...sleepers].sort((one, other) => one.until - other.until)) if (sleeper.until <= now) sleeper.wake()
      await Promise.resolve()
    },
  }
}
