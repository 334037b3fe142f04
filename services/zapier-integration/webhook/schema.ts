import { z } from 'zod'
import { eventAccepted } from '#src/zapier/wire.ts'

/** How a webhook is sent and answered. */
export const webhookSchema = {
  summary: 'An event of Zapier',
  description:
    'Signed, and without a token. Once it is answered with 200 it is committed, and takes effect once. With 503 send the same again after `Retry-After`: it was not accepted, or (the answer then says so) may have been, and takes effect once. The same is the same body, with a timestamp the same timestamp too; or, however it is signed, the same `idempotency_key` in the body.',
  headers: z.looseObject({
    'x-zapier-signature': z
      .string()
      .describe(
        'Hex HMAC-SHA256 with ZAPIER_SECRET over `<timestamp>.<body>`, perhaps with `v1=` before it; without a timestamp over the body',
      ),
    'x-zapier-timestamp': z
      .string()
      .optional()
      .describe('Seconds since 1970, at most five minutes ago; what is captured is worth nothing after them'),
    'x-zapier-event': z.string().optional().describe('The type of the event, at most 200 characters; left out: zapier_webhook'),
  }),
  body: z
    .unknown()
    .describe('Any JSON, of at most 128 KB. A second event with the same text under `idempotency_key` within a day is the same event'),
  response: {
    200: eventAccepted.describe('It is committed'),
    409: z.object({ detail: z.string(), event_id: z.string() }).describe('A replay: the event that came first has this id'),
  },
}
