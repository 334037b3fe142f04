import { z } from 'zod'
import { storableObject, storableText } from '#src/adapters/store/storable.ts'
import { hookNames } from './hooks/hooks.ts'

/** Largest body of a webhook, in bytes, and largest payload once it is written anew: it travels on Redis whole, where a message has at most 256 KB. */
export const largest = { body: 131_072, payload: 200_000 } as const

const MOST_LISTED = 200

const payload = storableObject.refine((data) => Buffer.byteLength(JSON.stringify(data)) <= largest.payload, 'must be at most 200 KB')
const common = {
  /** Left out: told by the name. */
  target: z.enum(hookNames).optional(),
  /** A second one of the same caller within a day does nothing, and answers the first one's event id. */
  idempotency_key: storableText(1, 200).optional(),
}

export const triggerRequest = z.object({ trigger: storableText(1, 200), data: payload.default({}), ...common })
export const actionRequest = z.object({ action: storableText(1, 200), parameters: payload.default({}), ...common })

/** `?limit`; more than a page holds is cut to a page, as existing clients may ask for any number. */
export const page = z.object({
  limit: z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .default('10')
    .transform((text) => Math.min(Number(text), MOST_LISTED)),
})

export const eventPath = z.object({ id: z.guid() })
export const deadLetterPath = z.object({ id: z.string().regex(/^\d{1,18}$/, 'must be the id of a dead letter') })
export const rulePath = z.object({ id: storableText(1, 100) })
