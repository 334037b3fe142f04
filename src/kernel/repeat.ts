import type { Clock } from './clock.ts'
import type { Log } from './log.ts'

export interface Repeated {
  /** What it is, for the log. */
  readonly name: string
  readonly everyMs: number
  readonly clock: Clock
  readonly log: Log
  run(): Promise<unknown>
}

/** Runs something now and again and again, never twice at once; a failure is logged, and the next turn comes all the same. */
export function repeat({ name, everyMs, clock, log, run }: Repeated): { stop(): Promise<void> } {
  const stopped = new AbortController()
  const turns = async () => {
    while (!stopped.signal.aborted) {
      await run().catch((err: unknown) => log.warn({ err, name }, 'a repeated task failed'))
      await clock.sleep(everyMs, stopped.signal)
    }
  }
  const done = turns()
  return {
    async stop() {
      stopped.abort()
      await done
    },
  }
}
