import type { Fact, Report, Tone } from '#src/kernel/report.ts'
import { andList, count } from '#src/kernel/say.ts'
import { type Bound, between } from './binding-rows.ts'
import { isTrouble, type Row, type StoredBoard } from './board.ts'
import { fitted, isFitting } from './fitted.ts'
import { heads } from './shapes/shape-of.ts'
import type { Tally } from './tally.ts'
import { sayMissing, sayRate, timeOfDay } from './words.ts'

/** A stream as whoever reads it knows it at one moment. */
export interface Look {
  readonly stream: string
  readonly tally: Tally
  readonly board: StoredBoard
  /** Messages a second, lately; 0 where it is quiet. */
  readonly perSecond: number
  /** Since when Redis has been out of reach. */
  readonly outSince: Date | undefined
}

/** In one message without a file beside it. */
const MOST_ROWS = 12
const MOST_NAMED = 3
/** In ms: what went wrong so long ago, and was not heard of since, is past. */
const STANDS_MS = 600_000
const unlike: readonly [string, string, string] = ['What', 'State', 'Says']

/** The living message of a binding: how the stream stands at a moment (ms). */
export function scoreboard({ boundAt, since }: Pick<Bound, 'boundAt' | 'since'>, look: Look, now: number): Report {
  const { stream, tally, board, outSince } = look
  const all = between(since, tally)
  // Who binds a stream sees what comes from then on.
  const rows = board.rows.filter(({ at }) => at > (since.lastAt ?? 0)).toReversed()
  const troubled = rows.filter((row) => isTrouble(row.tone))
  const [ill, past] = [troubled.filter(({ at }) => now - at <= STANDS_MS), troubled.filter(({ at }) => now - at > STANDS_MS)]
  const well = rows.filter((row) => !isTrouble(row.tone))
  const ordered = [...ill, ...past, ...well]
  const missing = sayMissing(all)
  const sentence = [
    all.read === 0
      ? `Nothing has come on ${stream} since it was bound here.`
      : `${stream}: ${count(all.read, 'message')}${pace(look, all.read)}.`,
    ill.length > 0 ? `${saidOf(ill)}.` : '',
    missing,
    outSince
      ? `Redis cannot be reached since ${timeOfDay(outSince)}: what comes meanwhile is read when it is back, as far as it is kept.`
      : '',
  ]
  return {
    title: `${stream}, live`,
    tone: toneOf(ill, missing !== '' || outSince !== undefined),
    sentence: sentence.filter(Boolean).join(' '),
    facts: factsOf(look, boundAt, past, ordered.length),
    ...(ordered.length > 0 && { table: tableOf(ordered.slice(0, MOST_ROWS)) }),
  }
}

/** One message has no rate. */
function pace({ perSecond, tally: { lastAt } }: Look, read: number): string {
  if (perSecond > 0) return read > 1 ? `, about ${sayRate(perSecond)}` : ''
  return lastAt === undefined ? '' : `, quiet since ${timeOfDay(lastAt)}`
}

function saidOf(ill: readonly Row[]): string {
  const named = ill.slice(0, MOST_NAMED).map(({ about, state }) => `${about} is ${state ?? 'in trouble'}`)
  const more = ill.length - MOST_NAMED
  return more > 0 ? `${named.join(', ')}, and ${more.toLocaleString('en')} more ${more === 1 ? 'is' : 'are'} in trouble` : andList(named)
}

function saidOfPast(past: readonly Row[]): string {
  const named = past.slice(0, MOST_NAMED).map(({ about, state, at }) => `${about} was ${state ?? 'in trouble'} at ${timeOfDay(at)}`)
  const more = past.length - MOST_NAMED
  return `${more > 0 ? `${named.join(', ')}, and ${more.toLocaleString('en')} more` : andList(named)}`
}

function toneOf(ill: readonly Row[], isIncomplete: boolean): Tone {
  if (ill.some(({ tone }) => tone === 'bad')) return 'bad'
  return ill.length > 0 || isIncomplete ? 'warning' : 'neutral'
}

function factsOf({ tally: { lastAt } }: Look, boundAt: Date, past: readonly Row[], rows: number): readonly Fact[] {
  return [
    { label: 'Shown since', value: `${boundAt.toISOString().slice(0, 10)} ${timeOfDay(boundAt)}` },
    ...(lastAt === undefined ? [] : [{ label: 'Last message', value: timeOfDay(lastAt) }]),
    ...(past.length > 0 ? [{ label: 'Not heard of since', value: saidOfPast(past) }] : []),
    ...(rows > MOST_ROWS
      ? [{ label: 'Not in the table', value: `${(rows - MOST_ROWS).toLocaleString('en')} more, heard of earlier` }]
      : []),
  ]
}

/** Under the heads of what most of them are; the time without its seconds where that leaves room for whole names. */
function tableOf(rows: readonly Row[]): Report['table'] & object {
  const [[shape] = ['']] = [...Map.groupBy(rows, (row) => row.shape)].sort(([, a], [, b]) => b.length - a.length)
  const lines = (length: number) => [
    [...(heads[shape] ?? unlike), 'UTC'],
    ...rows.map(({ about, cells, at }) => [about, ...cells, new Date(at).toISOString().slice(11, 11 + length)]),
  ]
  const whole = lines('17:04:11'.length)
  const [head = [], ...cells] = fitted(isFitting(whole) ? whole : lines('17:04'.length))
  return { head, rows: cells, dense: true }
}
