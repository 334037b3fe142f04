/** A store that the launcher runs. */
export interface Server {
  /** Holds a password: never printed. */
  readonly url: string
  readonly pid: number
  /** Resolves with what it said last, when it ended: by `stop`, or by itself. */
  readonly ended: Promise<string>
  stop(): Promise<void>
}
