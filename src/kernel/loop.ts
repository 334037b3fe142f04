import type { Clock } from './clock.ts'

export interface Loop {
  /** There may be something to do: looks now, or once more after the turn that is under way. */
  wake(): void
  /** Does nothing where it runs already. */
  start(): void
  /** Lets the turn that is under way end. */
  stop(): Promise<void>
}

/**
 * One turn after the other, never two at once. A turn answers how long to rest after it, in ms, which a wake cuts short; its signal aborts when
 * the loop is stopped. It handles its own failures: what it throws ends the loop, and `stop` throws it.
 */
export function createLoop(turn: (signal: AbortSignal) => Promise<number>, clock: Clock): Loop {
  const stopping = new AbortController()
  let nap = new AbortController()
  let awake = false
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      awake = false
      const restMs = await turn(stopping.signal)
      nap = new AbortController()
      if (!awake && restMs > 0) await clock.sleep(restMs, nap.signal)
    }
  }

  function wake(): void {
    // Whoever is awake is let be: to abort costs microseconds, and a flood wakes thousands of times a second.
    if (awake) return
    awake = true
    nap.abort()
  }

  return {
    wake,
    start() {
      running ??= run()
    },
    async stop() {
      stopping.abort()
      wake()
      await running
    },
  }
}
