import { randomUUID } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '#src/kernel/clock.ts'
import { Refusal } from '#src/service/refusal.ts'
import { InvalidRequest, type ServiceHttp } from '#src/service/request-schemas.ts'
import { isAtLeast } from '#src/tokens/claimed-role.ts'
import type { Inbox } from '../inbox/inbox.ts'
import { largest, triggerRequest } from '../requests.ts'
import { readPayload, senderKey } from '../webhook/payload.ts'
import { webhookSchema } from '../webhook/schema.ts'
import { checkSignature, SignatureRefused } from '../webhook/signature.ts'
import type { Send } from './sending.ts'

export interface WebhookParts {
  readonly inbox: Inbox
  readonly send: Send
  readonly secret: string
  readonly perMinute: number
  readonly clock: Clock
}

/** What existing clients that send no `x-zapier-event` mean. */
const DEFAULT_TYPE = 'zapier_webhook'
const TYPE = /^[^\p{Cc}]{1,200}$/u

/** `POST /webhook/zapier`: no token, but a signature over the bytes as they came, checked before anything is read of them. */
export function webhookRoutes(http: ServiceHttp, { inbox, send, secret, perMinute, clock }: WebhookParts): void {
  async function webhook(request: FastifyRequest, reply: FastifyReply) {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const now = clock.now()
    const { replayKey: ofBytes } = signed(request, body, now)
    const read = readPayload(body)
    const replayKey = senderKey(read) ?? ofBytes
    const payload = JSON.stringify(read)
    if (Buffer.byteLength(payload) > largest.payload) throw new Refusal(413, 'The payload is too large.')
    const id = randomUUID()
    const acceptance = await inbox.accept({ id, kind: 'event', name: typeOf(request), payload, source: 'zapier', at: now, replayKey })
    if (acceptance.accepted) return { status: 'success', message: 'Webhook received and queued', event_id: id }
    const detail = 'This was accepted before, and nothing was done again.'
    return reply.code(409).send({ detail, event_id: acceptance.replayOf })
  }

  function signed(request: FastifyRequest, body: Buffer, now: Date) {
    const header = (name: string) => request.headers[name]?.toString()
    try {
      return checkSignature({ signature: header('x-zapier-signature'), timestamp: header('x-zapier-timestamp'), body, secret, now })
    } catch (error) {
      if (!(error instanceof SignatureRefused)) throw error
      throw new Refusal(401, error.message, { 'www-authenticate': 'HMAC-SHA256 header="x-zapier-signature"' })
    }
  }

  /** The older document's path for both: signed it is a webhook, with a token a trigger. */
  async function either(request: FastifyRequest, reply: FastifyReply) {
    if (request.headers['x-zapier-signature'] !== undefined) return webhook(request, reply)
    if (!request.caller) throw new Refusal(401, 'It needs a token, or the header x-zapier-signature.', { 'www-authenticate': 'Bearer' })
    if (!isAtLeast(request.caller.role, 'operator')) throw new Refusal(403, 'This needs the role operator.')
    const asked = triggerRequest.safeParse(readPayload(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)))
    if (asked.success) return send(request.caller, 'trigger', asked.data.trigger, asked.data.data, asked.data)
    throw new InvalidRequest(
      asked.error.issues.map(({ path, message, code }) => ({ loc: ['body', ...path.map(String)], msg: message, type: code })),
    )
  }

  // A scope of its own: here a body stays the bytes that were signed.
  http.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    const config = { open: true, ratePerMinute: perMinute, refuses: [401, 503] as const }
    // The schema is for `/docs`: what is wrong with the headers is found where the signature is checked, and is a 401.
    const documented = { schema: webhookSchema, attachValidation: true } as const
    scope.post('/webhook/zapier', { bodyLimit: largest.body, config, ...documented }, webhook)
    scope.post('/zapier/webhook', { bodyLimit: largest.body, config: { ...config, undocumented: true } }, webhook)
    scope.post('/zapier/trigger', { bodyLimit: largest.body, config: { ...config, undocumented: true } }, either)
  })
}

function typeOf({ headers }: FastifyRequest): string {
  const given = headers['x-zapier-event']
  if (given === undefined || given === '') return DEFAULT_TYPE
  if (typeof given === 'string' && TYPE.test(given)) return given
  throw new InvalidRequest([{ loc: ['header', 'x-zapier-event'], msg: 'must have at most 200 characters', type: 'string_type' }])
}
