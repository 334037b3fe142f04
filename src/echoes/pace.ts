/** How often a scoreboard is edited: at once after a calm, then slower the longer it goes on changing. */
export const pacing = { leastMs: 2_000, slowerByMs: 250, mostMs: 6_000, calmMs: 15_000 } as const

export interface Pace {
  /** Answers whether a scoreboard that would now read like `content` is to be shown, where so many share its channel. */
  isDue(binding: string, content: string, sharing: number, now: number): boolean
  shown(binding: string, content: string, now: number): void
}

/** Of all scoreboards of one stream. */
export function createPace(): Pace {
  const last = new Map<string, { readonly content: string; readonly at: number; readonly streak: number }>()
  return {
    isDue(binding, content, sharing, now) {
      const before = last.get(binding)
      if (!before) return true
      const everyMs = Math.min(pacing.leastMs + before.streak * pacing.slowerByMs, pacing.mostMs) * sharing
      return before.content !== content && now - before.at >= everyMs
    },
    shown(binding, content, now) {
      const before = last.get(binding)
      const isStreak = before !== undefined && now - before.at < pacing.calmMs
      last.set(binding, { content, at: now, streak: isStreak ? before.streak + 1 : 0 })
    },
  }
}
