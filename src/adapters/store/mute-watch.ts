import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'

/** The server takes connections and statements and answers none: what was sent before may be done. */
export class Mute extends Error {
  override readonly name = 'Mute'
}

export interface MuteWatch {
  /**
   * What `ask` answers. Rejects with Mute as soon as the server is found mute, and at once, with nothing asked, until it answers again.
   * A statement that takes long on a server that answers others is waited for.
   */
  answer<Answer>(ask: () => Promise<Answer>): Promise<Answer>
  stop(): void
}

export interface MuteWatchDeps {
  /** Whether the server answers, asked on a connection of its own: the others may be what is broken. Never rejects. */
  readonly answers: () => Promise<boolean>
  readonly clock: Clock
  readonly log: Log
}

/** How long something may have no answer before the server itself is asked, and how often that is looked at, in ms. */
export const muteWatch = { doubtMs: 1_500, everyMs: 500 } as const

interface Waiting {
  readonly since: number
  readonly reject: (mute: Mute) => void
}

/** Knows of a server that hangs before the time-outs of single statements do, for all that wait for it. */
export function createMuteWatch({ answers, clock, log }: MuteWatchDeps): MuteWatch {
  const waiting = new Set<Waiting>()
  const stopped = new AbortController()
  let mute = false
  let watching = false
  const now = () => clock.now().getTime()

  async function watch(): Promise<void> {
    watching = true
    while (!stopped.signal.aborted && (mute || waiting.size > 0)) {
      await clock.sleep(muteWatch.everyMs, stopped.signal)
      if (mute || isInDoubt()) judge(await answers())
    }
    watching = false
  }

  /** The first that waits has waited longest. */
  function isInDoubt(): boolean {
    const [first] = waiting
    return first !== undefined && now() - first.since >= muteWatch.doubtMs
  }

  function judge(isWell: boolean): void {
    if (mute && isWell) log.info({}, 'the database answers again')
    if (!mute && !isWell) log.warn({ waiting: waiting.size }, 'the database does not answer: whoever waits for it is told so')
    mute = !isWell
    if (!mute) return
    for (const { reject } of waiting) reject(silence())
    waiting.clear()
  }

  return {
    answer(ask) {
      if (mute) return Promise.reject(silence())
      return new Promise((resolve, reject) => {
        const one = { since: now(), reject }
        waiting.add(one)
        ask()
          .then(resolve, reject)
          .finally(() => waiting.delete(one))
        if (!watching) void watch()
      })
    },
    stop: () => stopped.abort(),
  }
}

function silence(): Mute {
  return new Mute('timeout: the database does not answer')
}
