import { createHash, randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { Clock } from '#src/kernel/clock.ts'
import type { ServiceHttp } from '#src/service/request-schemas.ts'
import type { Principal } from '#src/tokens/tokens.ts'
import { eventAccepted } from '#src/zapier/wire.ts'
import type { Inbox } from '../inbox/inbox.ts'
import { actionRequest, triggerRequest } from '../requests.ts'
import { readsPayloads } from '../webhook/payload.ts'

interface Meant {
  readonly target?: string | undefined
  readonly idempotency_key?: string | undefined
}

/** Takes a trigger or an action into the inbox; one under a key of before answers the event of then. */
export type Send = (
  by: Principal,
  kind: 'trigger' | 'action',
  name: string,
  payload: object,
  meant: Meant,
) => Promise<z.output<typeof eventAccepted>>

export function createSend(inbox: Inbox, clock: Clock): Send {
  return async ({ subject }, kind, name, payload, { target, idempotency_key }) => {
    const id = randomUUID()
    const replayKey = idempotency_key === undefined ? undefined : keyOf(kind, subject, idempotency_key)
    const arrival = { id, kind, name, payload: JSON.stringify(payload), target, source: subject, at: clock.now(), replayKey }
    const acceptance = await inbox.accept(arrival)
    const what = kind === 'trigger' ? 'Trigger' : 'Action'
    if (acceptance.accepted) return { status: 'success', message: `${what} accepted`, event_id: id }
    return { status: 'success', message: `${what} was accepted before`, event_id: acceptance.replayOf }
  }
}

/** `POST /api/trigger` and `/api/action`: what services want Zapier to know and to do. */
export function sendingRoutes(http: ServiceHttp, send: Send): void {
  const config = { role: 'operator', refuses: [503] } as const
  const response = { 200: eventAccepted }
  // A scope of its own, where numbers of a body keep their digits.
  http.register(async (inner) => {
    const scope: ServiceHttp = inner.withTypeProvider()
    readsPayloads(scope)
    scope.post(
      '/api/trigger',
      { config, schema: { summary: 'Tell Zapier of something', body: triggerRequest, response } },
      async ({ body, principal }) => send(principal, 'trigger', body.trigger, body.data, body),
    )
    scope.post(
      '/api/action',
      { config, schema: { summary: 'Have Zapier do something', body: actionRequest, response } },
      async ({ body, principal }) => send(principal, 'action', body.action, body.parameters, body),
    )
  })
}

function keyOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
