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
export interface Probed {
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

export interface Probes {
  /**
   * Looks at every target that has an address which may be asked (all, where nothing says otherwise), all at once and each within its
   * time. Joins a round under way.
   */
  run(mayAsk?: (url: URL) => boolean): Promise<readonly Probed[]>
  /** What the last round found. Never waits. */
  last(): readonly Probed[]
}
