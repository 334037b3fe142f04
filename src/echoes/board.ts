import { z } from 'zod'
import type { Tone } from '#src/kernel/report.ts'
import { cell } from './shapes/cell.ts'
import type { Message, Sighting } from './shapes/shape.ts'
import { readerOf } from './shapes/shape-of.ts'

/** What is kept of a stream is bounded, whatever is published. */
export const kept = { rows: 500, changes: 50, kinds: 30 } as const

const tone = z.enum(['neutral', 'good', 'warning', 'bad'])
const row = z.object({
  about: z.string(),
  shape: z.string(),
  cells: z.tuple([z.string(), z.string()]),
  state: z.string().optional(),
  tone,
  at: z.number(),
})
/** `outage`: of Redis, so of others as well. */
const change = z.object({ number: z.number(), at: z.number(), sentence: z.string(), tone, about: z.literal('outage').optional() })

/** A stream as it is shown, and stored. Everything in it is fit to be seen. */
export const storedBoard = z.object({
  /** The one that was heard of last comes last. */
  rows: z.array(row),
  /** The newest ones, numbered from 1: what is missing before the first was dropped, or was shown long ago. */
  changes: z.array(change),
  changed: z.number(),
  /** How many messages of each kind there were. */
  kinds: z.array(z.tuple([z.string(), z.number()])),
  /** Since when its reader cannot reach Redis, in ms. */
  outSince: z.number().optional(),
})
export type StoredBoard = z.output<typeof storedBoard>
export type Row = z.output<typeof row>
export type Change = z.output<typeof change>

export const emptyBoard: StoredBoard = { rows: [], changes: [], changed: 0, kinds: [] }

/** Kinds beyond those that are told apart. */
const OTHERS = 'others'
const LONGEST_KEY = 200

interface LiveRow {
  state: string | undefined
  tone: Tone
  shape: string
  at: number
  /** What it shows is worked out when somebody looks. */
  sighting: Sighting | undefined
  shown: Row | undefined
}

type LiveChange = Omit<Change, 'sentence'> & { readonly sentence: string | (() => string) }

/** Folds the messages of one channel, however many, into what people look at. */
export function createBoard(channel: string, stored: StoredBoard) {
  const read = readerOf(channel)
  const rows = new Map<string, LiveRow>(
    stored.rows.map((shown) => [shown.about, { ...shown, state: shown.state, sighting: undefined, shown }]),
  )
  const kinds = new Map(stored.kinds)
  let changes: LiveChange[] = [...stored.changes]
  let changed = stored.changed

  function see(sighting: Sighting, shape: string, at: number): void {
    const about = sighting.about.slice(0, LONGEST_KEY)
    const before = rows.get(about)
    const [said, tone] = sighting.held?.(before?.state) ?? [sighting.state, sighting.tone]
    const state = said ?? before?.state
    const now = said === undefined && before ? before.tone : tone
    if (state !== undefined && state !== before?.state && isNotable(before, now)) {
      const was = before?.state
      note({ at, tone: now, sentence: () => sighting.turned(was, state) })
    }
    if (sighting.also) note({ at, ...sighting.also })
    // Newest last: whoever was not heard of for the longest time is forgotten first.
    if (before) rows.delete(about)
    rows.set(about, { state, tone: now, shape, at, sighting, shown: undefined })
    if (rows.size > kept.rows) rows.delete(rows.keys().next().value!)
  }

  function note(news: Omit<LiveChange, 'number'>): void {
    changed += 1
    changes.push({ ...news, number: changed })
    if (changes.length > kept.changes * 2) changes = changes.slice(-kept.changes)
  }

  function count(kind: string): void {
    const known = kinds.has(kind) || kinds.size < kept.kinds ? kind : OTHERS
    kinds.set(known, (kinds.get(known) ?? 0) + 1)
  }

  return {
    /** Answers whether it could be read. */
    take(message: Message, at: number): boolean {
      const found = read(message)
      if (found === 'unreadable') return false
      const { shape, sightings } = found
      if (sightings.length > 0) count(sightings[0]!.kind.slice(0, LONGEST_KEY))
      for (const sighting of sightings) see(sighting, shape.name, at)
      return true
    },
    /** Something to be told that no message says: a gap. */
    note: (sentence: string, tone: Tone, at: number, about?: Change['about']) => note({ sentence, tone, at, ...(about && { about }) }),
    stored(): StoredBoard {
      for (const [about, each] of rows) each.shown ??= show(about, each)
      changes = changes.slice(-kept.changes).map((each) => ({ ...each, sentence: said(each) }))
      return {
        rows: [...rows.values()].map(({ shown }) => shown!),
        changes: changes as Change[],
        changed,
        kinds: [...kinds].map(([kind, many]) => [cell(kind), many]),
      }
    },
  }
}

export type Board = ReturnType<typeof createBoard>

/** Something went wrong, or is wrong otherwise than before, or is over. */
function isNotable(before: LiveRow | undefined, now: Tone): boolean {
  return isTrouble(now) || (before !== undefined && isTrouble(before.tone))
}

export function isTrouble(tone: Tone): boolean {
  return tone === 'bad' || tone === 'warning'
}

function show(about: string, { sighting, shape, state, tone, at }: LiveRow): Row {
  const cells = sighting!.cells()
  return { about: cell(about), shape, cells: [cells[0], cells[1]], ...(state !== undefined && { state: cell(state) }), tone, at }
}

function said({ sentence }: LiveChange): string {
  return typeof sentence === 'string' ? sentence : sentence()
}
