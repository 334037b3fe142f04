import type { Clock } from '#src/kernel/clock.ts'
import type { StreamEntry } from '#src/streams/streams.ts'
import type { Batch } from './clients/outlet.ts'
import type { Counts } from './counts.ts'
import { type Filter, filterKey, wants } from './filter.ts'
import { type Form, type FramedEntry, frameEntry } from './messages/framed-entry.ts'

/** Somebody who gets messages. */
export interface Listener {
  deliver(batch: Batch, form: Form): void
  /** Messages of the channel are missing, so many where it is known. */
  gap(channel: string, lost: number | undefined): void
}

/** Hands every message of the streams to all who want it: what it costs follows the number of different filters, and of writes. */
export interface Hub {
  join(listener: Listener, filter: Filter): void
  leave(listener: Listener): void
  entry(entry: StreamEntry): void
  gap(channel: string, lost: number | undefined): void
  readonly filters: number
}

/** Listeners that want the same. */
interface Group {
  readonly key: string
  readonly filter: Filter
  readonly listeners: Set<Listener>
  /** Came since it was last handed out. */
  pending: FramedEntry[]
  pendingBytes: number
}

/** More than this is not put into one piece. */
const BATCH_BYTES = 262_144

export function createHub(clock: Clock, counts: Counts): Hub {
  const groups = new Map<string, Group>()
  const groupOf = new Map<Listener, Group>()
  const byChannel = new Map<string, Set<Group>>()
  const waiting = new Set<Group>()

  function flush(): void {
    for (const group of waiting) handOver(group, clock, counts)
    waiting.clear()
  }

  function open(key: string, filter: Filter): Group {
    const group: Group = { key, filter, listeners: new Set(), pending: [], pendingBytes: 0 }
    groups.set(key, group)
    for (const channel of filter.channels) {
      const those = byChannel.get(channel) ?? new Set()
      byChannel.set(channel, those.add(group))
    }
    return group
  }

  function shut(group: Group): void {
    groups.delete(group.key)
    waiting.delete(group)
    for (const channel of group.filter.channels) byChannel.get(channel)?.delete(group)
  }

  function leave(listener: Listener): void {
    const group = groupOf.get(listener)
    groupOf.delete(listener)
    group?.listeners.delete(listener)
    if (group?.listeners.size === 0) shut(group)
  }

  return {
    join(listener, filter) {
      leave(listener)
      const key = filterKey(filter)
      const group = groups.get(key) ?? open(key, filter)
      group.listeners.add(listener)
      groupOf.set(listener, group)
    },
    leave,
    entry(entry) {
      counts.entries += 1
      const framed = frameEntry(entry)
      for (const group of byChannel.get(entry.channel) ?? []) {
        if (!wants(group.filter, framed)) continue
        group.pending.push(framed)
        group.pendingBytes += entry.text.length
        // Entries that were read together leave together: once the reader has handed all of them over.
        if (waiting.size === 0) queueMicrotask(flush)
        waiting.add(group)
        if (group.pendingBytes > BATCH_BYTES) handOver(group, clock, counts)
      }
    },
    gap(channel, lost) {
      counts.gaps += 1
      flush()
      for (const { listeners } of byChannel.get(channel) ?? []) for (const listener of listeners) listener.gap(channel, lost)
    },
    get filters() {
      return groups.size
    },
  }
}

function handOver(group: Group, clock: Clock, counts: Counts): void {
  const { pending: entries, filter, listeners } = group
  group.pending = []
  group.pendingBytes = 0
  if (entries.length === 0) return
  const frames = entries.map((entry) => entry.frame(filter.form))
  const batch = { entries, bytes: frames.length === 1 ? frames[0]! : Buffer.concat(frames) }
  for (const listener of listeners) listener.deliver(batch, filter.form)
  const taken = Number.parseInt(entries[0]!.entry.id, 10)
  counts.lagMs = Math.max(counts.lagMs, clock.now().getTime() - taken)
}
