import type { FramedEntry } from '../messages/framed-entry.ts'

/**
 * What waits for a slow client: of each agent and channel the newest message alone. The frames are those that everybody gets, so that a
 * slow client costs little more than its own bookkeeping.
 */
export interface Coalesced {
  add(entry: FramedEntry): void
  /** Everything that waits, in the order in which it was published, and how many messages were left out of it. */
  take(): { readonly entries: readonly FramedEntry[]; readonly missed: number }
  readonly entries: number
  readonly bytes: number
}

export function createCoalesced(): Coalesced {
  const newest = new Map<string, FramedEntry>()
  let bytes = 0
  let missed = 0
  return {
    add(framed) {
      const key = JSON.stringify([framed.entry.channel, framed.agent])
      const before = newest.get(key)
      if (before) {
        missed += 1
        bytes -= before.entry.text.length
      }
      newest.delete(key) // So that the order is that of the messages.
      newest.set(key, framed)
      bytes += framed.entry.text.length
    },
    take() {
      const taken = { entries: [...newest.values()], missed }
      newest.clear()
      bytes = 0
      missed = 0
      return taken
    },
    get entries() {
      return newest.size
    },
    get bytes() {
      return bytes
    },
  }
}
