import type { Selectable } from 'kysely'
import type { Database } from '#src/adapters/store/schema.ts'
import { emptyBoard, type StoredBoard } from './board.ts'
import type { Binding } from './echoes.ts'
import type { Tally } from './tally.ts'

/** How a stream stood at some moment, and when its last message had come by then (by Redis' clock). */
export type Since = Pick<Tally, 'read' | 'unreadable' | 'lost' | 'gaps' | 'lastAt'>

/** What has been told of a stream in a channel. */
export interface Shown {
  /** The number of the last change that was told, and when (ms). */
  readonly told: number
  readonly toldAt: number
  /** How the stream stood at the last digest, and when that was (ms). */
  readonly digest: Since & { readonly at: number; readonly changed: number; readonly kinds: StoredBoard['kinds'] }
}

/** A binding with what was told, as the process that reads the stream sees it. */
export interface Bound extends Binding {
  readonly since: Since
  readonly shown: Shown
}

export type BindingRow = Selectable<Database['echo_bindings']>

export function boundOf(row: BindingRow): Bound {
  const { id, guild, project, environment, stream, channel, mode, bound_by, bound_at, since, shown, trouble } = row
  const place = { guild, project, environment }
  return { id, place, stream, channel, mode, boundBy: bound_by, boundAt: bound_at, trouble: trouble ?? undefined, since, shown }
}

const nothing: Since = { read: 0, unreadable: 0, lost: 0, gaps: 0 }

/** Whoever binds a stream sees what comes from then on; what others had of it before does not count. */
export function fromNow(
  tally: Tally | null | undefined,
  board: StoredBoard | null | undefined,
  at: number,
): Pick<Bound, 'since' | 'shown'> {
  const since = sinceOf(tally ?? nothing)
  const { changed, kinds } = board ?? emptyBoard
  return { since, shown: { told: changed, toldAt: 0, digest: { ...since, at, changed, kinds } } }
}

export function sinceOf({ read, unreadable, lost, gaps, lastAt }: Since): Since {
  return { read, unreadable, lost, gaps, ...(lastAt !== undefined && { lastAt }) }
}

export function between(before: Since, now: Since): Omit<Since, 'lastAt'> {
  return {
    read: Math.max(0, now.read - before.read),
    unreadable: Math.max(0, now.unreadable - before.unreadable),
    lost: Math.max(0, now.lost - before.lost),
    gaps: Math.max(0, now.gaps - before.gaps),
  }
}
