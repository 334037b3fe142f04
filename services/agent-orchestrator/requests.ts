import { z } from 'zod'
import { storableObject, storableText, storableValue } from '#src/adapters/store/storable.ts'
import { agentStatuses } from './tables.ts'

/** What an `integer` of PostgreSQL holds. An id beyond it is one that does not exist. */
const LARGEST_ID = 2_147_483_647
/** What Fastify takes as a part of a path, and Discord as the value of an option. */
const LONGEST_ID = 100
/** How long a request may wait for what it asks, in seconds: below the 30 s after which proxies give up. */
export const longestWait = 25

/** `status` is a route of its own beside `/api/agents/{agent_id}`, paths make nothing of dots, and JSON's readers drop the last one. */
const RESERVED = ['status', '.', '..', '__proto__']
const agentId = storableText(1, LONGEST_ID)
  .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters')
  .refine((id) => !RESERVED.includes(id), 'is reserved')
const capabilities = z.array(storableText(1, 128)).max(200)
const idempotencyKey = storableText(1, 200)
/** It travels on Redis whole, where a message has at most 256 KB. */
const TOO_LARGE = 'must be at most 200 KB'
const taskData = storableObject.refine(isSmall, TOO_LARGE)
const seconds = (most: number) => z.number().min(0).max(most)

/** A client's body with more than this in it is read all the same, and the rest ignored. */
export const newAgent = z.object({
  agent_id: agentId,
  name: storableText(1, 200),
  role: storableText(0, 200),
  capabilities,
  description: storableText(0, 2_000).default(''),
  status: z.enum(agentStatuses).default('active'),
})
export type NewAgent = z.output<typeof newAgent>

/** Existing clients send the whole profile; its `agent_id` is that of the path. */
export const changedAgent = newAgent.omit({ agent_id: true }).extend({
  description: storableText(0, 2_000).optional(),
  status: z.enum(agentStatuses).optional(),
})
export const changedSpecifiedAgent = changedAgent.partial()
export type ChangedAgent = z.output<typeof changedSpecifiedAgent>

/** The specification's profile, without what the service itself adds. */
export const specifiedAgent = z.object({
  name: storableText(1, 200),
  description: storableText(0, 2_000).default(''),
  capabilities: capabilities.default([]),
  status: z.enum(agentStatuses).default('active'),
  agent_id: agentId.optional(),
  role: storableText(0, 200).default(''),
})

export const newTask = z.object({
  agent_id: storableText(1, LONGEST_ID),
  task_type: storableText(1, 100),
  task_data: taskData,
  max_attempts: z.int().min(1).max(20).default(3),
  delay_seconds: seconds(30 * 86_400).default(0),
  expires_in_seconds: seconds(30 * 86_400).optional(),
  idempotency_key: idempotencyKey.optional(),
})
export type NewTask = z.output<typeof newTask>

/** A command to one agent. What it does cannot be known, so it is tried once unless its sender says that it may be repeated. */
export const newCommand = z.object({
  command: storableText(1, 200),
  arguments: taskData.optional(),
  /** The same, as the older document has it. */
  parameters: taskData.optional(),
  wait_seconds: seconds(longestWait).default(0),
  max_attempts: z.int().min(1).max(20).default(1),
  expires_in_seconds: seconds(30 * 86_400).default(3_600),
  idempotency_key: idempotencyKey.optional(),
})
export type NewCommand = z.output<typeof newCommand>

const leaseSeconds = z.int().min(1).max(3_600).default(60)
export const claim = orNothing(
  z.object({
    lease_seconds: leaseSeconds,
    wait_seconds: seconds(longestWait).default(0),
    task_types: z.array(storableText(1, 100)).min(1).max(50).optional(),
  }),
)
const lease = z.int().min(0).max(LARGEST_ID)
export const leaseHeartbeat = z.object({ lease, lease_seconds: leaseSeconds })
export const taskResult = z.object({ lease, result: storableValue.refine(isSmall, TOO_LARGE).default(null) })
export const taskFailure = z.object({ lease, error: storableText(1, 4_000), retry: z.boolean().default(true) })
export const cancellation = orNothing(z.object({ reason: storableText(1, 500).optional() }))

export const agentHeartbeat = orNothing(
  z.object({
    status: z.enum(agentStatuses).optional(),
    details: storableObject.refine((details) => JSON.stringify(details).length <= 2_000, 'must be at most 2,000 characters').optional(),
    /** Silent for so long, it is no longer among the statuses. */
    expires_in_seconds: z.int().min(5).max(3_600).default(90),
  }),
)
export type AgentHeartbeat = z.output<typeof agentHeartbeat>

/** `?skip&limit`; more than a page holds is cut to a page, as existing clients may ask for any number. */
export const page = pageOf(1_000)
export type Page = z.output<typeof page>

/** Fewer: each may be large. */
export const taskPage = pageOf(200).extend({
  agent_id: storableText(0, LONGEST_ID).optional(),
  status: storableText(0, 40).optional(),
  newest: z.enum(['true', 'false']).optional(),
})
export type TaskPage = z.output<typeof taskPage>

/** Years that a moment is written with in four digits (RFC 3339), whatever its offset says; in ms. */
const writable = { first: Date.parse('0001-01-01T00:00:00Z'), last: Date.parse('9999-12-31T23:59:59.999Z') }

/** What an existing client may set: any word, and when it was completed. */
export const taskStatus = z.object({
  status: z.string().regex(/^[\w-]{1,40}$/, 'must be one word of at most 40 letters, digits, - and _'),
  completed_at: z.iso
    .datetime({ local: true, offset: true })
    // Without an offset it is UTC: existing clients write Python's utcnow().
    .transform((text) => new Date(/Z|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`))
    .refine((at) => at.getTime() >= writable.first && at.getTime() <= writable.last, 'must be within the years 0001 to 9999')
    .optional(),
})
export type TaskStatusChange = z.output<typeof taskStatus>

export const agentPath = z.object({ agent_id: z.string() })
export const taskPath = z.object({
  task_id: wholeNumber(Number.NEGATIVE_INFINITY).transform((id) => (id > LARGEST_ID || id < 0 ? 0 : id)),
})

function pageOf(most: number) {
  const limit = wholeNumber(0).transform((asked) => Math.min(asked, most))
  return z.object({ skip: wholeNumber(0).default(0), limit: limit.default(100) })
}

function isSmall(value: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(value) ?? '') <= 200_000
}

/** A body may be left out where all of it may be. */
function orNothing<Body extends z.ZodType>(body: Body) {
  return z.preprocess((given) => given ?? {}, body)
}

function wholeNumber(least: number) {
  return z
    .string()
    .regex(/^-?\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= least, `must be at least ${least}`)
}
