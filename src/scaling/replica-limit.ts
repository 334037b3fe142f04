import { z } from 'zod'

/** What was seen of the limit that Railway names for a service, from one reading to the next. */
export const seenLimit = z.object({
  /** How many replicas run, and since when so many, in ms. */
  replicas: z.number(),
  since: z.number(),
  /** With how many replicas which limit was read last, when their number had been the same for a while. */
  steady: z.object({ replicas: z.number(), limit: z.number() }).optional(),
  /** Whether the limit is of one replica. Railway's documents say neither; figures that are summed over replicas have it summed as well. */
  isOfEach: z.boolean().optional(),
  /** Of one replica. */
  each: z.number().optional(),
})
export type SeenLimit = z.output<typeof seenLimit>

/** Railway's samples are up to so late: until then a limit may be of another number of replicas. */
const LATE_MS = 300_000

interface Reading {
  readonly at: Date
  readonly replicas: number
  readonly used: number | undefined
  readonly limit: number | undefined
}

/**
 * What one replica may use. Usage is the sum over the replicas (https://docs.railway.com/observability/metrics), and so the limit is taken to
 * be; where it is seen not to follow the number of replicas, or less than what is used, it is of one.
 */
export function learnLimit(before: SeenLimit | undefined, { at, replicas, used, limit }: Reading): SeenLimit {
  const now = at.getTime()
  const since = before?.replicas === replicas ? before.since : now
  const kept = { ...before, replicas, since }
  if (limit === undefined || replicas < 1 || (before?.each !== undefined && now - since < LATE_MS)) return kept
  const isOfEach = tellsOfEach(before?.steady, { replicas, limit, used }) ?? before?.isOfEach
  return {
    ...{ replicas, since, steady: { replicas, limit }, each: isOfEach ? limit : limit / replicas },
    ...(isOfEach !== undefined && { isOfEach }),
  }
}

/** Undefined where it could be either. */
function tellsOfEach(
  before: SeenLimit['steady'],
  { replicas, limit, used }: { readonly replicas: number; readonly limit: number; readonly used: number | undefined },
): boolean | undefined {
  if (replicas > 1 && used !== undefined && used > limit * 1.05) return true
  if (!before || before.replicas === replicas) return undefined
  if (isClose(limit, before.limit)) return true
  return isClose(limit / replicas, before.limit / before.replicas) ? false : undefined
}

function isClose(one: number, other: number): boolean {
  return Math.abs(one / other - 1) < 0.02
}
