import { sayDuration } from '#src/kernel/arguments/duration.ts'
import type { Report, Tone } from '#src/kernel/report.ts'
import { andList, count } from '#src/kernel/say.ts'
import { type Bound, between, type Since } from './binding-rows.ts'
import type { Change, StoredBoard } from './board.ts'
import { fitted } from './fitted.ts'
import { sayMissing, timeOfDay } from './words.ts'

const MOST_CHANGES = 8
const MOST_KINDS = 10
const worst: readonly Tone[] = ['bad', 'warning', 'good', 'neutral']

/** A stream of which changes up to number `told` were told. */
export interface Untold {
  readonly stream: string
  readonly board: Pick<StoredBoard, 'changes' | 'changed'>
  readonly told: number
}

/** What changed on some streams, in one message; undefined where nothing did. What it has no room for is counted. */
export function changesReport(all: readonly Untold[]): Report | undefined {
  const untold = all.filter(({ board, told }) => board.changed > told)
  const news = together(
    untold.flatMap(({ stream, board, told }) =>
      board.changes.filter(({ number }) => number > told).map((each) => ({ ...each, streams: [stream] })),
    ),
  )
  const known = untold.reduce((sum, { board, told }) => sum + board.changes.filter(({ number }) => number > told).length, 0)
  const many = untold.reduce((sum, { board, told }) => sum + board.changed - told, 0) - known + news.length
  const [only] = untold
  if (many <= 0 || !only) return undefined
  const of = untold.length === 1 ? only.stream : count(untold.length, 'stream')
  const shown = news.toSorted((a, b) => a.at - b.at).slice(-MOST_CHANGES)
  const more = many - shown.length
  const newest = shown.at(-1)
  return {
    title: many === 1 ? `A change on ${of}` : `Changes on ${of}`,
    tone: worst.find((tone) => shown.some((each) => each.tone === tone)) ?? 'neutral',
    sentence:
      many === 1 && newest ? newest.sentence : `${count(many, 'change')} on ${of}.${newest ? ` The newest: ${newest.sentence}` : ''}`,
    ...(many > 1 && {
      facts: [
        ...(more > 0 ? [{ label: 'Before these', value: `${more.toLocaleString('en')} more` }] : []),
        ...shown.map((each) => factOf(each, untold.length > 1)),
      ],
    }),
  }
}

interface News extends Change {
  readonly streams: readonly string[]
}

/** An outage of Redis is one for all of its streams. */
function together(news: readonly News[]): readonly News[] {
  const outages = news.filter(({ about }) => about === 'outage')
  const last = outages.at(-1)
  if (!last || outages.length === 1) return news
  const streams = [...new Set(outages.flatMap((each) => each.streams))]
  const sentence = streams.length === 1 ? last.sentence : `${last.sentence.replace(/\.$/, '')}: ${andList(streams)}.`
  return [...news.filter(({ about }) => about !== 'outage'), { ...last, sentence, streams }]
}

function factOf({ at, sentence, streams }: News, isNamed: boolean) {
  return { label: `${timeOfDay(at)}${isNamed && streams.length === 1 ? ` · ${streams[0]}` : ''}`, value: sentence }
}

/** What came since the last digest; undefined where nothing did. */
export function digestReport(
  stream: string,
  { shown }: Pick<Bound, 'shown'>,
  now: Since,
  board: StoredBoard,
  at: number,
): Report | undefined {
  const { digest } = shown
  const all = between(digest, now)
  if (all.read + all.lost + all.gaps === 0) return undefined
  const before = new Map(digest.kinds)
  const kinds = board.kinds
    .map(([kind, many]) => [kind, many - (before.get(kind) ?? 0)] as const)
    .filter(([, many]) => many > 0)
    .sort(([, a], [, b]) => b - a)
  const changed = board.changed - digest.changed
  const missing = sayMissing(all)
  const [names = [], ...rows] = fitted([
    ['Kind', 'Messages'],
    ...kinds.slice(0, MOST_KINDS).map(([kind, many]) => [kind, many.toLocaleString('en')]),
  ])
  return {
    title: `Digest of ${stream}`,
    tone: missing === '' ? 'neutral' : 'warning',
    sentence:
      `${stream} in the last ${sayDuration(Math.max(1, Math.round((at - digest.at) / 60_000)) * 60_000)}: ${count(all.read, 'message')}, ${count(changed, 'change')}. ${missing}`.trim(),
    ...(rows.length > 0 && { table: { head: names, rows, dense: true } }),
    ...(kinds.length > MOST_KINDS && { facts: [{ label: 'Not in the table', value: count(kinds.length - MOST_KINDS, 'kind') }] }),
  }
}
