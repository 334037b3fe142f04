import { z } from 'zod'
import type { Scales } from '#src/consciousness/scales.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { Refusal } from '#src/service/refusal.ts'
import type { ServiceHttp } from '#src/service/request-schemas.ts'
import { streamId } from '../messages/control-message.ts'
import { askedReading, reading } from '../readings/reading.ts'
import type { Readings } from '../readings/readings.ts'
import { scaleOf } from '../readings/scale-of.ts'

export interface ReadingRoutes {
  readonly http: ServiceHttp
  readonly readings: Readings
  readonly scales: Scales
  readonly clock: Clock
}

const key = z.string().regex(/^[\w.:-]{1,128}$/, 'must be 1 to 128 letters, digits or .:_-')
/** ISO 8601, or milliseconds since 1970. */
const moment = z
  .string()
  .max(64)
  .transform((text) => (/^\d{1,15}$/.test(text) ? Number(text) : Date.parse(text)))
  .refine((time) => time >= 0, 'must be a point in time, such as 2026-01-31T12:00:00Z')
const range = z.object({
  after: streamId.optional(),
  from: moment.optional(),
  to: moment.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  agent: z.string().min(1).max(128).optional(),
})
const scale = z.enum(['0-1', '0-10']).nullable()

/** Readings over HTTP: published, the newest, those of before. */
export function readingRoutes({ http, readings, scales, clock }: ReadingRoutes): void {
  const publish = {
    body: askedReading,
    headers: z.looseObject({ 'idempotency-key': key.optional() }),
    response: { 200: z.object({ status: z.literal('published'), data: reading, stream_id: z.string(), scale }) },
    summary: 'Publish a reading to every listener',
  }
  http.post('/api/consciousness/publish', { config: { role: 'operator', refuses: [400, 409, 503] }, schema: publish }, async (request) => {
    const once = request.headers['idempotency-key']
    const key = once === undefined ? undefined : `${request.principal.subject} ${once}`
    const { reading: data, id } = await readings.publish(request.body, clock.now().toISOString(), key)
    return { status: 'published' as const, data, stream_id: id, scale: scaleOf(scales, data) }
  })

  http.get('/api/consciousness/metrics', { config: { refuses: [503] }, schema: { summary: 'The newest reading' } }, async () => {
    const latest = await readings.latest()
    return latest ? { ...latest, scale: scaleOf(scales, latest) } : { status: 'no_data' }
  })

  const history = { querystring: range, summary: 'Readings of before, oldest first' }
  http.get('/api/consciousness/history', { config: { refuses: [503] }, schema: history }, async (request) => {
    const { agent, from, to, after, limit } = request.query
    if (from !== undefined && to !== undefined && from > to) throw new Refusal(422, '"from" must not be later than "to".')
    const begin = after ?? (from === undefined ? undefined : beginningOf(from))
    const end = to === undefined ? undefined : `${to + 1}-0`
    const { entries, more } = await readings.history({ agent, after: begin, before: end, limit })
    return {
      readings: entries.map(({ id, message }) => ({ id, ...message, scale: scaleOf(scales, message) })),
      more,
    }
  })
}

/** What was published in that millisecond comes after it. Redis' ids begin with the time. */
function beginningOf(time: number): string {
  return time === 0 ? '0-0' : `${time - 1}-18446744073709551615`
}
