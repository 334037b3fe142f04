import { sayDuration } from '#src/kernel/arguments/duration.ts'
import type { Report, Tone } from '#src/kernel/report.ts'
import { count } from '#src/kernel/say.ts'
import { type Bound, between, type Since } from './binding-rows.ts'
import type { Change, StoredBoard } from './board.ts'
import { fitted } from './fitted.ts'
import { sayMissing, timeOfDay } from './words.ts'

const MOST_CHANGES = 8
const MOST_KINDS = 10
const worst: readonly Tone[] = ['bad', 'warning', 'good', 'neutral']

/** Changes since those of number `told`, in one message; undefined where there are none. What it has no room for is counted. */
export function changesReport(stream: string, { changes, changed }: StoredBoard, told: number): Report | undefined {
  const many = changed - told
  if (many <= 0) return undefined
  const shown = changes.filter(({ number }) => number > told).slice(-MOST_CHANGES)
  const more = many - shown.length
  const newest = shown.at(-1)
  return {
    title: many === 1 ? `A change on ${stream}` : `Changes on ${stream}`,
    tone: worst.find((tone) => shown.some((each) => each.tone === tone)) ?? 'neutral',
    sentence:
      many === 1 && newest ? newest.sentence : `${count(many, 'change')} on ${stream}.${newest ? ` The newest: ${newest.sentence}` : ''}`,
    ...(many > 1 && { facts: [...(more > 0 ? [{ label: 'Before these', value: `${more} more` }] : []), ...shown.map(factOf)] }),
  }
}

function factOf({ at, sentence }: Change) {
  return { label: timeOfDay(at), value: sentence }
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
