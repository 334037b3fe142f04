import { z } from 'zod'

/** What was recommended, from then until then: so many spans as are needed for what is asked of them. */
export const recommended = z.array(z.object({ from: z.number(), to: z.number(), replicas: z.number() })).max(200)
export type Recommended = z.output<typeof recommended>

/** A longer time is kept in so many spans, however often it is looked. */
const SPANS = 60

interface Kept {
  readonly forMs: number
  /** After so long without a reading it begins anew. */
  readonly gapMs: number
  /** Which of two recommendations of one span counts. */
  readonly pick: (one: number, other: number) => number
}

/** With one more recommendation, and without those that no longer count: of the last `forMs`, and the one at or before their beginning. */
export function recommend(before: Recommended, now: number, replicas: number, { forMs, gapMs, pick }: Kept): Recommended {
  const newest = before.at(-1)
  const isBroken = newest !== undefined && (now - newest.to > gapMs || now < newest.to)
  const kept = isBroken ? [] : [...before]
  const last = kept.at(-1)
  if (last && now - last.from < forMs / SPANS) {
    kept[kept.length - 1] = { from: last.from, to: now, replicas: pick(last.replicas, replicas) }
  } else {
    kept.push({ from: now, to: now, replicas })
  }
  const first = kept.findLastIndex(({ to }) => to <= now - forMs)
  return first > 0 ? kept.slice(first) : kept
}

/** The one of all recommendations of the whole time that counts; undefined where it was not looked for so long yet. */
export function stable(all: Recommended, now: number, { forMs, pick }: Pick<Kept, 'forMs' | 'pick'>): number | undefined {
  const first = all[0]
  if (!first || first.from > now - forMs) return undefined
  return all.map(({ replicas }) => replicas).reduce(pick)
}
