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
  const config = { role: 'operator', refuses: [503] } as const
  const ofOne = { role: 'operator', refuses: [404, 503] } as const
  for (const kind of ['event', 'trigger', 'action'] as const) {
    const list = { summary: `The newest ${kind}s`, querystring: page, response: { 200: z.array(message) } }
    http.get(`/api/${kind}s`, { config, schema: list }, async ({ query }) => [...(await listMessages(db, kind, query.limit))])
  }

  const reports = { summary: 'What became of the newest of all kinds', querystring: page, response: { 200: z.array(eventReport) } }
  http.get('/api/outcomes', { config, schema: reports }, async ({ query }) => [...(await listReports(db, query.limit))])
  const report = { summary: 'What became of one', params: eventPath, response: { 200: eventReport } }
  http.get('/api/outcomes/:id', { config: ofOne, schema: report }, async ({ params }) => readReport(db, params.id))

  const status = { summary: 'Figures of webhooks, triggers and actions', response: { 200: webhookStatus } }
  http.get('/api/webhooks/status', { config: { refuses: [503] }, schema: status }, async () => readStatus(db, hooks, clock.now()))

  const letters = { summary: 'What was given up', querystring: page, response: { 200: z.array(deadLetter) } }
  http.get('/api/dead-letters', { config, schema: letters }, async ({ query }) => [...(await listDeadLetters(db, query.limit))])
  const told = { params: deadLetterPath, response: { 200: z.object({ message: z.string() }) } }
  const again = { config: ofOne, schema: { summary: 'Try again what was given up', ...told } }
  http.post('/api/dead-letters/:id/retry', again, async ({ params }) => {
    await retryDeadLetter(db, params.id, clock.now())
    wake()
    return { message: 'It is tried again.' }
  })
  const discarded = { config: ofOne, schema: { summary: 'Give it up for good', ...told } }
  http.delete('/api/dead-letters/:id', discarded, async ({ params }) => {
    await discardDeadLetter(db, params.id)
    return { message: 'It was discarded.' }
  })
}
