import { z } from 'zod'
import { Refusal } from '#src/service/refusal.ts'
import type { ServiceHttp } from '#src/service/request-schemas.ts'
import { clientCard } from '../clients/client-card.ts'
import type { Roster } from '../clients/roster.ts'

/** Who is connected, to whichever replica; for admins. */
export function clientRoutes(http: ServiceHttp, roster: Roster): void {
  const list = { response: { 200: z.object({ total: z.number(), clients: z.array(clientCard) }) }, summary: 'Clients of all replicas' }
  http.get('/api/consciousness/clients', { config: { role: 'admin', refuses: [503] }, schema: list }, () => roster.list())

  const disconnect = { params: z.object({ connection: z.string().max(128) }), summary: 'Disconnect a client' }
  http.delete(
    '/api/consciousness/clients/:connection',
    { config: { role: 'admin', refuses: [404, 503] }, schema: disconnect },
    async (request) => {
      const { connection } = request.params
      const found = await roster.disconnect({ connection }, request.principal.subject, undefined)
      if (found === 0) throw new Refusal(404, 'There is no such connection.')
      return { message: 'The client is being disconnected.' }
    },
  )
}
