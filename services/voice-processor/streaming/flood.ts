import type { Clock } from '#src/kernel/clock.ts'

export interface FloodLimits {
  /** Messages that may come at once. */
  readonly burst: number
  /** And from then on. */
  readonly perSecond: number
}

/** True while messages come no faster than they may: what was spoken before the connection stood comes all at once. */
export function createFloodGate({ burst, perSecond }: FloodLimits, clock: Clock): () => boolean {
  let left = burst
  let at = clock.now().getTime()
  return () => {
    const now = clock.now().getTime()
    left = Math.min(burst, left + ((now - at) * perSecond) / 1_000)
    at = now
    if (left < 1) return false
    left -= 1
    return true
  }
}
