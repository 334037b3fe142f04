import { z } from 'zod'
import { severities } from '#src/incidents/incidents.ts'

/** What an incident is told when a rule fires. */
const trouble = z.object({
  group: z.string(),
  severity: z.enum(severities),
  title: z.string(),
  sentence: z.string(),
  environment: z.string(),
  service: z.object({ id: z.string(), name: z.string() }).optional(),
  /** Lines of a log, secrets masked. */
  lines: z.array(z.string()).optional(),
})
export type FiredTrouble = Readonly<z.infer<typeof trouble>>

/** How a rule stands with one thing that it is about; where it is content, there is none. Times in ms since 1970. */
export const standing = z.object({
  rule: z.string(),
  /** The service's id, a blind spot of Helix, a channel, a metric; `test` for one that somebody asked for. */
  subject: z.string(),
  /** `pending`: it is so, but not for long enough. `over`: it ended, and that is not told yet. */
  phase: z.enum(['pending', 'firing', 'over']),
  since: z.number(),
  /** Of one that fires, since when it has been well again. */
  easedAt: z.number().optional(),
  /** The same, since when nothing could be read of it. */
  unreadAt: z.number().optional(),
  /** Incidents do not know of this phase yet. */
  untold: z.boolean().optional(),
  /** Of one that fires, or did. */
  trouble: trouble.optional(),
  /** Of one that is over: why. */
  end: z.string().optional(),
})
export type Standing = Readonly<z.infer<typeof standing>>
export const standings = z.array(standing)

/** What a rule says of a reading; `between`: no longer beyond its figure, but not recovered. `unread`: nothing is known. */
export type Verdict = 'bad' | 'between' | 'well' | 'unread'

/** What cannot be read any more for so long is over, in ms. */
export const unreadMs = 10 * 60_000

export interface Step {
  readonly verdict: Verdict
  readonly now: number
  readonly forMs: number
  /** Nobody looked for so long that what was only pending begins again. */
  readonly gapped: boolean
}

/** What of a standing moves on with each reading. */
export type Moving = Pick<Standing, 'phase' | 'since' | 'easedAt' | 'unreadAt'>

/** Where a standing goes with one more reading; undefined where there is nothing to be remembered. One good reading alone ends nothing. */
export function advance(before: Moving | undefined, { verdict, now, forMs, gapped }: Step): Moving | undefined {
  if (before?.phase === 'firing') {
    const { since, easedAt, unreadAt = now } = before
    if (verdict === 'well') return easedAt === undefined ? { phase: 'firing', since, easedAt: now } : { phase: 'over', since }
    if (verdict === 'unread') return now - unreadAt >= unreadMs ? { phase: 'over', since } : { phase: 'firing', since, unreadAt }
    return { phase: 'firing', since }
  }
  if (verdict !== 'bad') return before?.phase === 'over' ? before : undefined
  // It came back before anybody heard that it was over.
  if (before?.phase === 'over') return { phase: 'firing', since: before.since }
  const since = before && !gapped ? before.since : now
  return { phase: now - since >= forMs ? 'firing' : 'pending', since }
}
