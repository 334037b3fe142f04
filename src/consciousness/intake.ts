import type { StreamEntry } from '#src/streams/streams.ts'
import type { ConsciousnessReading } from './consciousness.ts'
import { arrivalOf, readMessage } from './read-message.ts'
import type { Scales } from './scales.ts'
import { add, type Tallies, tallyOf } from './tally.ts'

/** How long a row of the history is, in ms, and how many sources are told apart. */
export const intakeLimits = { rowMs: 10_000, sources: 50, closed: 2_000, freeMs: 600_000 } as const

/** One row of the history: what one source said in ten seconds. */
export interface ClosedRow extends Tallies {
  readonly channel: string
  readonly source: string
  readonly at: Date
  readonly count: number
}

/** What is new of a source since it was last asked. */
export interface SourceNews {
  readonly channel: string
  readonly source: string
  /** Its newest reading, where there is a newer one. */
  readonly reading: ConsciousnessReading | undefined
  readonly read: number
  readonly unreadable: number
  readonly why: string | undefined
  readonly at: Date
  /** Of the newest entry that was taken, in the stream. */
  readonly lastId: string | undefined
}

export interface News {
  readonly sources: readonly SourceNews[]
  readonly rows: readonly ClosedRow[]
}

/** Takes every message, and keeps little: the newest of each source, one row of each in ten seconds, counts of what cannot be read. */
export interface Intake {
  take(entry: StreamEntry): void
  /** Messages that never came to be entries: no JSON, too large, lost. */
  refused(channel: string, why: string, at: Date, count?: number): void
  /** What is new, and from then on is not any more; rows that are over at that moment, or all of them. */
  news(now: Date | 'all'): News
  /** The same is new again: it could not be written. */
  again(news: News): void
}

interface Source {
  readonly channel: string
  readonly source: string
  newest: ConsciousnessReading | undefined
  reading: ConsciousnessReading | undefined
  read: number
  unreadable: number
  why: string | undefined
  heardAt: number
  lastId: string | undefined
  row: { readonly begun: number; count: number; tallies: Tallies } | undefined
}

export function createIntake(scales: Scales): Intake {
  const sources = new Map<string, Source>()
  let closed: ClosedRow[] = []

  function close(source: Source): void {
    const { channel, source: name, row } = source
    if (row) closed.push({ channel, source: name, at: new Date(row.begun), count: row.count, ...row.tallies })
    source.row = undefined
    if (closed.length > intakeLimits.closed) closed.splice(0, closed.length - intakeLimits.closed)
  }

  /** The source of that name; where there are too many already, that of the channel, whose messages they are counted as. */
  function sourceOf(channel: string, name: string, at: number): { readonly source: Source; readonly isKnown: boolean } {
    const key = `${channel} ${name}`
    const known = sources.get(key)
    if (known) return { source: known, isKnown: true }
    if (sources.size >= intakeLimits.sources && !makeRoom(at) && name !== channel) {
      return { source: sourceOf(channel, channel, at).source, isKnown: false }
    }
    const rest = {
      newest: undefined,
      reading: undefined,
      read: 0,
      unreadable: 0,
      why: undefined,
      heardAt: at,
      lastId: undefined,
      row: undefined,
    }
    const source: Source = { channel, source: name, ...rest }
    sources.set(key, source)
    return { source, isKnown: true }
  }

  /** Whom nobody heard for long gives its place away, unless there is something to tell of it. */
  function makeRoom(at: number): boolean {
    for (const [key, { heardAt, read, unreadable, row }] of sources) {
      if (at - heardAt < intakeLimits.freeMs || read + unreadable > 0 || row) continue
      return sources.delete(key)
    }
    return false
  }

  function unreadable(
    channel: string,
    name: string,
    why: string,
    at: number,
    { count = 1, id }: { readonly count?: number | undefined; readonly id?: string } = {},
  ): void {
    const { source } = sourceOf(channel, name, at)
    source.lastId = id ?? source.lastId
    source.unreadable += count
    source.why = why
    source.heardAt = at
  }

  function keep(reading: ConsciousnessReading, at: number, id: string): void {
    const { channel, source: name } = reading
    const { source, isKnown } = sourceOf(channel, name, at)
    if (!isKnown) {
      unreadable(channel, channel, `there are more than ${intakeLimits.sources} sources`, at, { id })
      return
    }
    source.heardAt = at
    source.lastId = id
    source.read += 1
    // Messages may come out of order: what is older does not count as the newest.
    if (!source.newest || reading.at >= source.newest.at) source.newest = source.reading = reading
    const begun = Math.floor(at / intakeLimits.rowMs) * intakeLimits.rowMs
    if (source.row && source.row.begun !== begun) close(source)
    const tallies = tallyOf(reading)
    if (!source.row) source.row = { begun, count: 1, tallies }
    else [source.row.count, source.row.tallies] = [source.row.count + 1, add(source.row.tallies, tallies)]
  }

  return {
    take(entry) {
      const at = arrivalOf(entry.id).getTime()
      const found = readMessage(entry, scales)
      // What a Helix worked out says so: it is no word of anybody else, and our own is known already.
      if (found.kind === 'reading' && found.reading.computed) return
      if (found.kind === 'reading') keep(found.reading, at, entry.id)
      else if (found.kind === 'unreadable') unreadable(entry.channel, found.source, found.why, at, { id: entry.id })
    },
    refused: (channel, why, at, count) => unreadable(channel, channel, why, at.getTime(), { count }),
    news(now) {
      const told: SourceNews[] = []
      for (const source of sources.values()) {
        const { channel, source: name, reading, read, unreadable, why, heardAt, lastId, row } = source
        if (row && (now === 'all' || row.begun + intakeLimits.rowMs <= now.getTime())) close(source)
        if (read + unreadable === 0) continue
        told.push({ channel, source: name, reading, read, unreadable, why, at: new Date(heardAt), lastId })
        Object.assign(source, { reading: undefined, read: 0, unreadable: 0, why: undefined })
      }
      const rows = closed
      closed = []
      return { sources: told, rows }
    },
    again({ sources: told, rows }) {
      closed = [...rows, ...closed].slice(-intakeLimits.closed)
      for (const { channel, source: name, reading, read, unreadable, why, at, lastId } of told) {
        const { source } = sourceOf(channel, name, at.getTime())
        source.reading ??= reading
        source.read += read
        source.unreadable += unreadable
        source.why ??= why
        source.lastId ??= lastId
      }
    },
  }
}
