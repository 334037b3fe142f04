import { z } from 'zod'
import { callAnswer, callRequest } from './call-wire.ts'

export const requestEvent = 'operation_requested'
export const answerEvent = 'operation_answered'

/** What says who asks, and which request it is: whatever else is wrong with it, it can be answered. */
export const requestHead = z.object({
  event: z.literal(requestEvent),
  /** As in `HELIX_SERVICE_ROLES`, which names the agents that may ask at all. */
  agent_id: z.string().regex(/^[\w.-]{1,100}$/, 'must have 1 to 100 letters, digits, dots, _ or -'),
  /** The agent's own idempotency key: the same again is answered the same, and nothing is done. */
  request_id: callRequest.shape.key,
})
export type RequestHead = z.output<typeof requestHead>

const { command, environment, guild, reason } = callRequest.shape

/** An operation, asked for by an agent on `agent:coordination`. Fields that are not known are let be: other publishers add theirs. */
export const agentRequest = requestHead.extend({
  command,
  arguments: callRequest.shape.arguments.default({}),
  environment,
  guild,
  reason,
})
export type AgentRequest = z.output<typeof agentRequest>

/** What came of it, on the same channel. `again`: Helix could not begin it; the same request may be published again. */
export const agentAnswer = z.object({
  event: z.literal(answerEvent),
  agent_id: z.string(),
  request_id: z.string(),
  /** Id of the request's entry in the stream. */
  in_reply_to: z.string(),
  status: z.enum([...callAnswer.shape.status.options, 'again']),
  sentence: z.string(),
  operation: z.string().optional(),
  timestamp: z.string(),
})
export type AgentAnswer = z.output<typeof agentAnswer>
