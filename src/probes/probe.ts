import type { Peer } from '#src/kernel/peers.ts'

/** What is probed: the four services, the Claude API of `CLAUDE_API_URL`, and `other`: anything that has a health route. */
export type Target = Exclude<Peer, 'bot'> | 'claude-api' | 'other'

/** What stands between the prober and a good answer. */
export type Trouble =
  | 'name not found'
  | 'connection refused'
  | 'TLS'
  | 'no answer in time'
  | 'connection lost'
  | 'not authorised'
  | 'nothing there'
  | 'slow down'
  | 'its own error'
  | 'unexpected answer'
  | 'degraded'

/** What one look at a service from outside found. */
export interface Seen {
  readonly target: Target
  readonly url: string
  /** `degraded`: it serves, but says that something it needs is down. `failing`: what it is for does not work. */
  readonly state: 'well' | 'degraded' | 'failing'
  /** What was seen, in one plain sentence. */
  readonly sentence: string
  readonly trouble: Trouble | undefined
  /** What the service itself says is down: `redis`, `postgres`. */
  readonly down: readonly string[]
  /** Of what the service is for; where that was not reached, of its `/health`. */
  readonly latencyMs: number
  /** True where there was no token to speak with, so that only what is open was looked at. */
  readonly openOnly: boolean
  readonly at: Date
}

/** The newest look at a target, and what the ones before it add. */
export interface Probed extends Seen {
  /** How many looks in a row, with this one, found it not well. One may be a blink: only from the second on is it believed. */
  readonly failures: number
}

export interface Probes {
  /**
   * Looks at every target that has an address which may be asked (all, where nothing says otherwise), all at once and each within its
   * time. A look under way is joined.
   */
  run(mayAsk?: (url: URL) => boolean): Promise<readonly Probed[]>
  /** Looks at what was not well and may be asked by the last round's word, once its pause is over: soon at first, then less and less often. */
  lookAgain(): Promise<void>
  /** Somebody wants to know: what was not well and was looked at more than some seconds ago is looked at anew. Never waits. */
  wanted(): void
  /** What the newest looks found. Never waits. */
  last(): readonly Probed[]
}
