import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'

export interface Loop {
  /** There may be something to do: looks now, or once more after the turn that is under way. */
  wake(): void
  start(): void
  /** Lets the turn that is under way end. */
  stop(): Promise<void>
}

export interface Turn {
  readonly did: boolean
  /** There may be more at once. */
  readonly more: boolean
}

export const nothing: Turn = { did: false, more: false }

export interface LoopParts {
  /** What it is, for the log. */
  readonly name: string
  readonly turn: () => Promise<Turn>
  readonly clock: Clock
  readonly log: Log
}

/**
 * How often it is looked without being told, and how long a turn that failed is waited out; and the rest after each turn, so that under
 * load few large lots are done instead of many small ones. In ms.
 */
const idleMs = 1_000
const restMs = 50

/** One turn after the other, never two at once: while there is more, when woken, and each second by itself. */
export function createLoop({ name, turn, clock, log }: LoopParts): Loop {
  const stopping = new AbortController()
  let nap = new AbortController()
  let awake = false
  let failing = false
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      awake = false
      const { did, more } = await turn().then(succeeded, failed)
      if (more) continue
      nap = new AbortController()
      if (did && !failing) await clock.sleep(restMs, stopping.signal)
      if (!awake || failing) await clock.sleep(idleMs, failing ? stopping.signal : AbortSignal.any([nap.signal, stopping.signal]))
    }
  }

  function succeeded(turned: Turn): Turn {
    if (failing) log.info({ name }, 'work goes on again')
    failing = false
    return turned
  }

  function failed(err: unknown): Turn {
    if (!failing) log.warn({ name, err }, 'work cannot go on: it is tried again each second')
    failing = true
    return nothing
  }

  return {
    wake() {
      if (awake) return
      awake = true
      nap.abort('woken')
    },
    start() {
      running ??= run()
    },
    async stop() {
      stopping.abort()
      await running
    },
  }
}
