/** Everything about time that the smoothing of health goes by, in ms, from how often is looked. */
export interface Pace {
  /** Something bad is looked at again after so long, and believed when it is still there. */
  readonly confirmMs: number
  /** Replicas that are coming back by themselves are given so long; until then they are looked at now and then. */
  readonly restartMs: number
  /** What was bad has to be well for so long. */
  readonly recoverMs: number
  /** So many turns between well and ill in so long: it flaps, until it has been steady for so long. */
  readonly flaps: { readonly turns: number; readonly withinMs: number; readonly steadyMs: number }
  /** A change or a rollout with which nothing serves may take so long. */
  readonly underWayMs: number
  /** After a longer time without a reading, what had only begun to turn has to begin again. */
  readonly gapMs: number
}

const minute = 60_000

/** `everyMs`: from one regular look to the next. */
export function paceOf(everyMs: number): Pace {
  const withinMs = between(2 * minute, 10 * everyMs, 15 * minute)
  return {
    confirmMs: 800,
    restartMs: 15_000,
    recoverMs: between(10_000, 2 * everyMs, minute),
    flaps: { turns: 5, withinMs, steadyMs: withinMs / 2 },
    underWayMs: 20 * minute,
    gapMs: 3 * everyMs + 10_000,
  }
}

function between(least: number, value: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
