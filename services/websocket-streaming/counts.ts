/** What happened since the start; read by `/metrics`. Plain numbers, as they are counted for every delivery. */
export interface Counts {
  connected: number
  /** Messages of the streams that were handed to connections. */
  deliveries: number
  deliveredBytes: number
  /** Messages that a slow client did not get because a newer one of the same agent and channel came. */
  coalesced: number
  /** By the close code, or `lost` where the connection ended by itself. */
  readonly closed: Map<string, number>
  entries: number
  gaps: number
  replayed: number
  /** From Redis taking a message to its being handed to every connection: the longest since it was last asked, in ms. */
  lagMs: number
}

export function createCounts(): Counts {
  return { connected: 0, deliveries: 0, deliveredBytes: 0, coalesced: 0, closed: new Map(), entries: 0, gaps: 0, replayed: 0, lagMs: 0 }
}
