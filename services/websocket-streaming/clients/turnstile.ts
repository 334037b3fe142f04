export interface TurnstileLimits {
  /** Pieces of work that run at once, and of those so many of one owner. */
  readonly most: number
  readonly mostOfOne: number
}

/** Does the work when its turn comes. Rejects with the signal's reason where its owner goes before that: then it is never begun. */
export type Turnstile = <Result>(owner: string, signal: AbortSignal, work: () => Promise<Result>) => Promise<Result>

/** Lets so many pieces of work run at once. The others wait, and their owners take turns, so that nobody waits for all that one has asked for. */
export function createTurnstile({ most, mostOfOne }: TurnstileLimits): Turnstile {
  let running = 0
  const runningOf = new Map<string, number>()
  /** Whose turn is next comes first. */
  const waiting = new Map<string, Set<() => void>>()
  const isFree = (owner: string) => running < most && (runningOf.get(owner) ?? 0) < mostOfOne

  function count(owner: string, by: number): void {
    const number = (runningOf.get(owner) ?? 0) + by
    running += by
    if (number === 0) runningOf.delete(owner)
    else runningOf.set(owner, number)
  }

  function goOn(): void {
    for (const [owner, those] of waiting) {
      if (running >= most) return
      if (!isFree(owner)) continue
      const [go] = those
      those.delete(go!)
      waiting.delete(owner)
      if (those.size > 0) waiting.set(owner, those)
      go!()
    }
  }

  function turn(owner: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const those = waiting.get(owner) ?? new Set()
      waiting.set(owner, those)
      const leave = () => {
        those.delete(go)
        if (those.size === 0) waiting.delete(owner)
        reject(signal.reason)
      }
      const go = () => {
        signal.removeEventListener('abort', leave)
        count(owner, 1)
        resolve()
      }
      those.add(go)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  return async (owner, signal, work) => {
    signal.throwIfAborted()
    if (isFree(owner)) count(owner, 1)
    else await turn(owner, signal)
    try {
      return await work()
    } finally {
      count(owner, -1)
      goOn()
    }
  }
}
