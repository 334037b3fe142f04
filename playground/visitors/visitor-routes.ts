import type { Part } from '#playground/emulator.ts'
import { readBody } from '#playground/read-body.ts'
import { type Visitors, visitorsAsked } from './visitors.ts'

/** `POST /playground/visitors`, and `visitors` in the state. */
export function visitorRoutes(visitors: Visitors): Part {
  return {
    routes(server) {
      server.get('/playground/visitors', async () => visitors.state())
      server.post('/playground/visitors', async ({ body }) => visitors.set(readBody(visitorsAsked, body)))
    },
    state: () => ({ visitors: visitors.state() }),
  }
}
