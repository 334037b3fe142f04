/** One thing that Helix itself stands on: Discord, Railway, PostgreSQL, Redis. */
export interface ComponentState {
  readonly name: string
  readonly ok: boolean
  /** In a few plain words: `answers in 3 ms`, `812 of 1,000 requests left`. */
  readonly detail: string
}

export interface Components {
  /** Asks each within a second; what does not answer is not ok. Never throws. */
  check(): Promise<readonly ComponentState[]>
}
