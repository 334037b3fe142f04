/** At most so many at the same time; first come, first served. */
export function createSlots(count: number) {
  const waiting: (() => void)[] = []
  let free = count

  /** Resolves with the function that gives the slot back (once; again is nothing). */
  return async function take(): Promise<() => void> {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    let held = true
    return () => {
      if (!held) return
      held = false
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}

export type Slots = ReturnType<typeof createSlots>
