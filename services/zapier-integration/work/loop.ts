import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'

export interface Loop {
  /** There may be something to do: looks now, or once more after the turn that is under way. */
  wake(): void
  start(): void
  /** Lets the turn that is under way end. */
  stop(): Promise<void>
}

export interface LoopParts {
  /** What it is, for the log. */
  readonly name: string
  /** True where there may be more at once. */
  readonly turn: () => Promise<boolean>
  readonly clock: Clock
  readonly log: Log
}

/** How often it is looked without being told, and how long a turn that failed is waited out, in ms. */
const idleMs = 1_000

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
      const more = await turn().then(succeeded, failed)
      if (more) continue
      nap = new AbortController()
      if (!awake || failing) await clock.sleep(idleMs, failing ? stopping.signal : AbortSignal.any([nap.signal, stopping.signal]))
    }
  }

  function succeeded(more: boolean): boolean {
    if (failing) log.info({ name }, 'work goes on again')
    failing = false
    return more
  }

  function failed(err: unknown): boolean {
    if (!failing) log.warn({ name, err }, 'work cannot go on: it is tried again each second')
    failing = true
    return false
  }

  return {
    wake() {
      awake = true
      nap.abort()
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
