import { z } from 'zod'

/** Where services call commands at the bot. */
export const callsPath = '/api/v1/calls'

/** What a database keeps as it is. */
const text = (least: number, most: number) =>
  z
    .string()
    .min(least)
    .max(most)
    .refine((given) => !given.includes('\0') && given.isWellFormed(), 'must be plain text')
const name = text(1, 100)
const value = z.union([text(0, 2_000), z.number(), z.boolean(), z.null()])

/** A command, asked for by a service with a service token. */
export const callRequest = z.strictObject({
  /** The service's own idempotency key, such as an event's id: the same key again answers what came of the first call, and does nothing. */
  key: text(1, 200),
  /** A leaf of `commands/`: `restart`, `env.set`. */
  command: name,
  arguments: z.record(name, value).refine((given) => Object.keys(given).length <= 25, 'must have at most 25 arguments'),
  /** Name of an environment; left out: the place's own. */
  environment: name.optional(),
  /** Which server's place; needed only where Helix serves several. */
  guild: z
    .string()
    .regex(/^\d{17,20}$/)
    .optional(),
  /** The rule that it comes from, and the digest of its version (src/automation/rule-digest.ts). */
  rule: z.object({ id: text(1, 200), digest: text(1, 100) }).optional(),
  /** Why, in a sentence: it stands in the audit. */
  reason: text(1, 500),
})
export type CallRequest = z.output<typeof callRequest>

/**
 * What came of it. `done`: answered. `started`: the operation goes on by itself. `refused`: cannot be done as it is asked. `denied`: the
 * service lacks the Helix role. `needs-confirmation`: a person must confirm this version of the rule first (the sentence says who and
 * how). `failed`: it was begun and did not work. `unknown`: it was taken, and nobody knows what came of it (the process ended): look.
 */
export const callAnswer = z.object({
  status: z.enum(['done', 'started', 'refused', 'denied', 'needs-confirmation', 'failed', 'unknown']),
  sentence: z.string(),
  /** Of what is refused: for now alone, as somebody else's change is under way. */
  forNow: z.literal(true).optional(),
  /** Id of the operation that carries it out. */
  operation: z.string().optional(),
})
export type CallAnswer = z.output<typeof callAnswer>
