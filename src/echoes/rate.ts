const OVER_MS = 10_000

/** How many messages come a second, over the last ten; 0 where none came in them. */
export function createRate() {
  let samples: readonly { readonly at: number; readonly read: number }[] = []
  let moving = false
  return {
    at(read: number, now: number): number {
      samples = [...samples.filter(({ at }) => now - at <= OVER_MS), { at: now, read }]
      const [first] = samples
      const came = read - first!.read
      moving = came > 0
      return came === 0 ? 0 : came / (Math.max(1_000, now - first!.at) / 1_000)
    },
    /** Something came lately: that it comes no more is to be seen too. */
    isMoving: () => moving,
  }
}
