import { z } from 'zod'
import { readJson } from '#src/kernel/read-json.ts'

const name = z.string().min(1).max(128)
/** As Redis gives them; the part after the dash may be left out. */
export const streamId = z.string().regex(/^\d{1,15}(-\d{1,18})?$/, 'must be the id of a message, such as 1732190000000-0')

/** What a client wants to get. */
export const subscription = z.object({
  channels: z.array(name).min(1).max(64).optional(),
  agents: z.array(name).min(1).max(200).optional(),
  /** Of all channels, or of each. */
  after: z.union([streamId, z.record(name, streamId)]).optional(),
})
export type SubscriptionRequest = z.output<typeof subscription>

const auth = z.object({ type: z.literal('auth'), token: z.string().min(1).max(8_192) })
const control = z.discriminatedUnion('type', [
  auth,
  z.object({ type: z.literal('subscribe'), ...subscription.shape }),
  z.object({ type: z.literal('unsubscribe') }),
  z.object({ type: z.literal('ping'), id: z.union([z.string().max(128), z.number()]).optional() }),
])
const adminControl = z.discriminatedUnion('type', [
  ...control.options,
  z.object({ type: z.literal('clients') }),
  z.object({
    type: z.literal('disconnect'),
    connection: name.optional(),
    client_id: name.optional(),
    reason: z.string().max(100).optional(),
  }),
])
export type ControlMessage = z.output<typeof adminControl>

/** `undefined`: none of our messages, so that it is echoed. A string says what is wrong with one that is ours. */
export function readControl(text: string, isAdmin: boolean): ControlMessage | string | undefined {
  const value = object(text)
  const schema = isAdmin ? adminControl : control
  if (!value || !schema.options.some(({ shape }) => shape.type.value === value.type)) return undefined
  const result = schema.safeParse(value)
  if (result.success) return result.data
  return result.error.issues.map(({ path, message }) => `${path.join('.') || 'message'}: ${message}`).join('; ')
}

function object(text: string): Readonly<Record<string, unknown>> | undefined {
  return text.trimStart().startsWith('{') ? (readJson(text) as Readonly<Record<string, unknown>> | undefined) : undefined
}
