import { z } from 'zod'
import type { Clock } from '#src/kernel/clock.ts'
import { Refusal } from '#src/service/refusal.ts'
import type { ServiceHttp } from '#src/service/request-schemas.ts'
import type { ServiceHealth } from '#src/service/service-health.ts'
import { eventAccepted } from '#src/zapier/wire.ts'
import { sign } from '../webhook/signature.ts'

export interface TestParts {
  readonly health: ServiceHealth
  readonly secret: string
  readonly clock: Clock
}

/** The type of the event that a test sends; a rule may be made for it. */
export const testEvent = 'helix.test'

/** `GET /api/test`: whether it works now. `POST /api/test`: sends a signed event in by the webhook's own door, as Zapier would. */
export function testRoutes(http: ServiceHttp, { health, secret, clock }: TestParts): void {
  const said = z.object({ status: z.string(), timestamp: z.string() })
  http.get('/api/test', { schema: { summary: 'Whether it works', response: { 200: said } } }, async () => {
    const { components } = await health.read()
    const down = Object.keys(components).filter((name) => components[name]?.status === 'down')
    const status = down.length === 0 ? 'Zapier integration service is running' : `Degraded: ${down.join(', ')} cannot be used`
    return { status, timestamp: clock.now().toISOString() }
  })

  const testing = { summary: 'Send a test event in by the webhook’s own door', response: { 200: eventAccepted } }
  http.post('/api/test', { config: { role: 'operator', refuses: [409, 503] }, schema: testing }, async ({ id, principal }) => {
    const payload = JSON.stringify({ test: true, request: id, by: principal.subject, at: clock.now().toISOString() })
    const timestamp = String(Math.floor(clock.now().getTime() / 1_000))
    const headers = {
      'content-type': 'application/json',
      'x-zapier-event': testEvent,
      'x-zapier-timestamp': timestamp,
      'x-zapier-signature': sign(secret, timestamp, payload),
    }
    const answer = await http.inject({ method: 'POST', url: '/webhook/zapier', headers, payload })
    if (answer.statusCode === 200) return eventAccepted.parse(answer.json())
    throw new Refusal(answer.statusCode, z.object({ detail: z.string() }).parse(answer.json()).detail)
  })
}
