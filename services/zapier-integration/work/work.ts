import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { createLoop, type Loop } from '#src/kernel/loop.ts'

export interface Turn {
  readonly did: boolean
  /** There may be more at once. */
  readonly more: boolean
}

export const nothing: Turn = { did: false, more: false }

export interface WorkParts {
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

/** A loop whose turn is made at once while there is more, when woken, and each second by itself. */
export function createWork({ name, turn, clock, log }: WorkParts): Loop {
  let failing = false
  const loop = createLoop(async (signal) => {
    const { did, more } = await turn().then(succeeded, failed)
    if (more) return 0
    if (did && !failing) await clock.sleep(restMs, signal)
    return idleMs
  }, clock)

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
    ...loop,
    /** What failed is waited out, whoever calls meanwhile. */
    wake() {
      if (!failing) loop.wake()
    },
  }
}
