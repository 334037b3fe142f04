/** One message of a stream. */
export interface StreamEntry {
  /** Redis' own, ascending: `1732190000000-0`. */
  readonly id: string
  readonly channel: string
  /** As it was published, without the id. */
  readonly message: Readonly<Record<string, unknown>>
}

export interface Subscription {
  stop(): Promise<void>
}

/** Messages between services: each is appended to a capped Redis Stream and published on the channel of the same name, in one step. */
export interface Streams {
  /** Answers the entry's id. The published JSON is the message with one field more, `stream_id`, by which a bridge knows that it is in the stream. */
  publish(channel: string, message: Readonly<Record<string, unknown>>): Promise<string>
  /** What came after that id (exclusive), oldest first; without one, the newest `count`. */
  read(channel: string, range: { readonly after?: string; readonly count: number }): Promise<readonly StreamEntry[]>
  /**
   * Every message of these channels from now on, whoever published it; what a foreign publisher only PUBLISHed has been appended by then
   * (one process bridges a channel at a time). `onGap` is told when the connection was lost and what came meanwhile could not all be read.
   */
  subscribe(channels: readonly string[], onEntry: (entry: StreamEntry) => void, onGap?: (channel: string) => void): Promise<Subscription>
}
