export const backoff = { firstMs: 1_000, longestMs: 600_000 } as const

/**
 * How long to wait after that many attempts, in ms: twice as long each time, ten minutes at most, and by chance up to a half less, so that
 * what failed together does not come again together. What the other side asked for (`Retry-After`) is kept, an hour at most.
 */
export function pauseAfter(attempts: number, random: number, askedMs = 0): number {
  const doubled = Math.min(backoff.longestMs, backoff.firstMs * 2 ** Math.min(attempts - 1, 20))
  return Math.max(Math.round(doubled * (1 - random / 2)), Math.min(askedMs, 3_600_000))
}
