/** How a process ended: by itself (a code) or by a signal. */
export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** One life of a process. */
export interface Run {
  readonly pid: number
  /** Rejects with EndedEarly when it ended before it could be used. Left out: it can be used already. */
  readonly ready?: Promise<void>
  readonly ended: Promise<Ending>
  /** Asks it to end, insists after a while, and resolves when it did. */
  stop(): Promise<void>
  /** Ends it at once, whatever is lost. */
  kill(): void
}

/** A store that runs here. */
export interface Server extends Run {
  /** Holds a password: never printed. */
  readonly url: string
}

export class EndedEarly extends Error {
  override readonly name = 'EndedEarly'
  readonly ending: Ending
  constructor(ending: Ending) {
    super(`ended before it was ready (${inWords(ending)})`)
    this.ending = ending
  }
}

export function inWords({ code, signal }: Ending): string {
  return signal ? `killed by ${signal}` : `exit code ${code}`
}
