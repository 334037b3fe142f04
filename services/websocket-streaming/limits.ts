/** What one replica takes. Counts, bytes and milliseconds. */
export interface StreamingLimits {
  /** Connections in all, of one subject, of one `client_id` of a subject, and such that have not said who they are. */
  readonly clients: number
  readonly clientsOfSubject: number
  readonly clientsOfId: number
  readonly waiting: number
  /** Largest frame that a client may send; then 1009. */
  readonly frameBytes: number
  /** What a client may send a second, and at once; then 1008. Pings and pongs count. */
  readonly messagesPerSecond: number
  readonly burst: number
  /** How long one may take to say who it is; then 4401. */
  readonly authMs: number
  /** How often a client is pinged; one that has not answered by the next time is gone. */
  readonly pingEveryMs: number
  /** A client is slow while more than this waits in its connection; from then on only the newest message of each agent and channel is kept. */
  readonly bufferBytes: number
  /** What is kept for a slow one, and for how long; then 4408. */
  readonly coalescedEntries: number
  readonly coalescedBytes: number
  readonly slowMs: number
  /** How long a client may take to answer a close before its connection is cut. */
  readonly closeMs: number
  /** How often all of these times are looked at. */
  readonly tickMs: number
  /** Pages of replays that are read at once, and of those the ones for one subject. */
  readonly replays: number
  readonly replaysOfSubject: number
  /** What a replay reads at a time, and keeps for a client that is slow. */
  readonly replayPage: number
  readonly replayPageBytes: number
}

export const limits: StreamingLimits = {
  clients: 10_000,
  clientsOfSubject: 1_000,
  clientsOfId: 10,
  waiting: 500,
  frameBytes: 65_536,
  messagesPerSecond: 50,
  burst: 100,
  authMs: 5_000,
  pingEveryMs: 30_000,
  bufferBytes: 262_144,
  coalescedEntries: 500,
  coalescedBytes: 1_048_576,
  slowMs: 30_000,
  closeMs: 2_000,
  tickMs: 1_000,
  replays: 8,
  replaysOfSubject: 4,
  replayPage: 200,
  replayPageBytes: 65_536,
}
