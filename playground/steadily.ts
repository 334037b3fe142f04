import type { Clock } from '#src/kernel/clock.ts'
import { createLoop } from '#src/kernel/loop.ts'

const TURN_MS = 50

/**
 * Does something so many times a second, whatever has become of what was done before. What fell due while the process stood still is made
 * up for to a second's worth at most. `act` is told how often it is due.
 */
export function steadily(perSecond: number, act: (count: number) => void, clock: Clock): { stop(): Promise<void> } {
  let due = 0
  let last = clock.now().getTime()
  const loop = createLoop(async () => {
    const now = clock.now().getTime()
    due = Math.min(due + (Math.max(0, now - last) / 1_000) * perSecond, Math.max(1, perSecond))
    last = now
    const count = Math.floor(due)
    due -= count
    if (count > 0) act(count)
    return TURN_MS
  }, clock)
  loop.start()
  return loop
}
