import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { Clock } from '#src/kernel/clock.ts'
import type { ServiceHttp } from '#src/service/request-schemas.ts'
import { deadLetter, eventReport, webhookStatus } from '#src/zapier/wire.ts'
import type { Hooks } from '../hooks/hooks.ts'
import { discardDeadLetter, listDeadLetters, retryDeadLetter } from '../reading/dead-letters.ts'
import { listMessages, listReports, readReport } from '../reading/events.ts'
import { readStatus } from '../reading/status.ts'
import { deadLetterPath, eventPath, page } from '../requests.ts'
import type { Tables } from '../tables.ts'

export interface ReadingParts {
  readonly db: Kysely<Tables>
  readonly hooks: Hooks
  readonly clock: Clock
  /** Told when something that was given up is to be done after all. */
  readonly wake: () => void
}

const message = z.record(z.string(), z.unknown())

/** What came in and went out, what came of it, and what was given up. Payloads are for operators. */
export function readingRoutes(http: ServiceHttp, { db, hooks, clock, wake }: ReadingParts): void {
  const config = { role: 'operator' } as const
  const list = { querystring: page, response: { 200: z.array(message) } }
  http.get('/api/events', { config, schema: list }, async ({ query }) => [...(await listMessages(db, 'event', query.limit))])
  http.get('/api/triggers', { config, schema: list }, async ({ query }) => [...(await listMessages(db, 'trigger', query.limit))])
  http.get('/api/actions', { config, schema: list }, async ({ query }) => [...(await listMessages(db, 'action', query.limit))])

  const reports = { querystring: page, response: { 200: z.array(eventReport) } }
  http.get('/api/outcomes', { config, schema: reports }, async ({ query }) => [...(await listReports(db, query.limit))])
  http.get('/api/outcomes/:id', { config, schema: { params: eventPath, response: { 200: eventReport } } }, async ({ params }) =>
    readReport(db, params.id),
  )

  http.get('/api/webhooks/status', { schema: { response: { 200: webhookStatus } } }, async () => readStatus(db, hooks, clock.now()))

  const letters = { querystring: page, response: { 200: z.array(deadLetter) } }
  const told = { params: deadLetterPath, response: { 200: z.object({ message: z.string() }) } }
  http.get('/api/dead-letters', { config, schema: letters }, async ({ query }) => [...(await listDeadLetters(db, query.limit))])
  http.post('/api/dead-letters/:id/retry', { config, schema: told }, async ({ params }) => {
    await retryDeadLetter(db, params.id, clock.now())
    wake()
    return { message: 'It is tried again.' }
  })
  http.delete('/api/dead-letters/:id', { config, schema: told }, async ({ params }) => {
    await discardDeadLetter(db, params.id)
    return { message: 'It was discarded.' }
  })
}
