import { z } from 'zod'
import type { Clock } from './kernel/clock.ts'
import { Refusal } from './service/refusal.ts'
import type { ServiceHttp } from './service/request-schemas.ts'
import { type Notice, readNotice } from './webhooks/notice.ts'
import { secretCheck, type WebhookSecret } from './webhooks/secret.ts'
import { webhookPath } from './webhooks/webhooks.ts'

export interface RailwayWebhookParts {
  readonly secret: WebhookSecret
  /** At once: Railway hears that it came before anything is done about it. */
  readonly take: (notice: Notice) => void
  readonly clock: Clock
}

/** Railway's own are of one or two. */
const MOST_BYTES = 65_536
const MOST_WRONG = 60
const WINDOW_MS = 60_000

/**
 * Where Railway's webhooks come in. They are not signed: the secret in the address is what makes them Railway's. It is asked for before the
 * body is read; a storm of right ones is never refused, since Railway pauses webhooks that fail.
 */
export function railwayWebhookRoute(http: ServiceHttp, { secret, take, clock }: RailwayWebhookParts): void {
  const isRight = secretCheck(secret)
  const refuseWrong = createRefuseWrong(clock)
  const params = z.object({ secret: z.string() })
  http.post(
    `${webhookPath}/:secret`,
    {
      bodyLimit: MOST_BYTES,
      config: { open: true, ratePerMinute: false, refuses: [404, 429] },
      schema: {
        summary: 'Takes a webhook of Railway',
        params,
        body: z.looseObject({ type: z.string().min(1).max(200) }),
        response: { 200: z.object({ taken: z.literal(true) }) },
      },
      onRequest: async (request) => {
        const given = params.safeParse(request.params)
        if (!isRight(given.success ? given.data.secret : '')) refuseWrong()
      },
    },
    async ({ body }) => {
      take(read(body))
      return { taken: true as const }
    },
  )
}

function read(body: unknown): Notice {
  let notice: Notice | undefined
  try {
    notice = readNotice(body)
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal(422, 'This is nested too deep.')
    throw error
  }
  if (!notice) throw new Refusal(422, 'This is no webhook of Railway: its type cannot be read.')
  return notice
}

/** Whoever tries secrets learns no more from the limit than from the 404, and costs no more than a hash. */
function createRefuseWrong(clock: Clock): () => never {
  let endsAt = 0
  let count = 0
  return () => {
    const now = clock.now().getTime()
    if (now >= endsAt) {
      endsAt = now + WINDOW_MS
      count = 0
    }
    count += 1
    if (count <= MOST_WRONG) throw new Refusal(404, 'Not Found')
    const seconds = Math.ceil((endsAt - now) / 1_000)
    throw new Refusal(429, `Too many requests. Try again in ${seconds} s.`, { 'retry-after': `${seconds}` })
  }
}
