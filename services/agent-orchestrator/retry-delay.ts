/** The first wait and the longest, in ms. */
export const retryDelays = { firstMs: 5_000, longestMs: 600_000 } as const

/** How long to wait after that attempt (from 1) failed, in ms: twice as long each time, up to ten minutes. */
export function retryDelayMs(attempt: number): number {
  return Math.min(retryDelays.longestMs, retryDelays.firstMs * 2 ** Math.max(0, attempt - 1))
}
