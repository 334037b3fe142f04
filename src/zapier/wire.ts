import { z } from 'zod'

/** What the service zapier-integration answers beyond what existing clients know: one definition for it and for whoever asks it. */

export const eventAccepted = z.object({ status: z.literal('success'), message: z.string(), event_id: z.string() })

/** How far something has come. `refused`: it will never be done. `dead`: it was tried for over an hour and waits for a person. */
export const progress = z.enum(['waiting', 'done', 'refused', 'dead'])
export type Progress = z.output<typeof progress>

/** One thing that an event started. */
export const effect = z.object({
  /** `tell`: on Redis. `call`: a command of Helix. Otherwise the hook that it was delivered to. */
  what: z.string(),
  /** Name of the rule that called. */
  rule: z.string().nullable(),
  state: progress,
  attempts: z.number(),
  /** What came of it, in a sentence. */
  sentence: z.string().nullable(),
  operation: z.string().nullable(),
})

export const eventReport = z.object({
  event_id: z.string(),
  kind: z.enum(['event', 'trigger', 'action']),
  name: z.string(),
  timestamp: z.string(),
  payload: z.unknown(),
  /** The worst of its effects. */
  state: progress,
  effects: z.array(effect),
})
export type EventReport = z.output<typeof eventReport>

export const deadLetter = z.object({
  id: z.string(),
  event_id: z.string().nullable(),
  name: z.string(),
  what: z.string(),
  rule: z.string().nullable(),
  attempts: z.number(),
  sentence: z.string().nullable(),
  since: z.string(),
})
export type DeadLetter = z.output<typeof deadLetter>

export const hookState = z.enum(['configured', 'unconfigured'])

export const webhookStatus = z.object({
  webhookCount: z.number(),
  triggerCount: z.number(),
  actionCount: z.number(),
  /** `delayed`: something that is due has waited for more than a minute. */
  status: z.enum(['operational', 'delayed']),
  /** Effects that are still to come, up to 100,000. */
  queueDepth: z.number(),
  deadLetters: z.number(),
  /** Of the oldest thing that is due, in seconds. */
  oldestSeconds: z.number(),
  hooks: z.record(z.string(), hookState),
})
export type WebhookStatus = z.output<typeof webhookStatus>

const scalar = z.union([z.string(), z.number(), z.boolean()])

export const ruleAnswer = z.object({
  id: z.string(),
  name: z.string(),
  event: z.string(),
  where: z.record(z.string(), z.union([scalar, z.null()])),
  command: z.string(),
  arguments: z.record(z.string(), scalar),
  environment: z.string().nullable(),
  enabled: z.boolean(),
  /** The events that it takes, in one text, as a person confirms it. */
  pattern: z.string(),
  /** Of what it does: src/automation/rule-digest.ts. */
  digest: z.string(),
  updated_at: z.string(),
  updated_by: z.string(),
})
export type RuleAnswer = z.output<typeof ruleAnswer>
