import type { Part } from '#playground/emulator.ts'
import { readBody } from '#playground/read-body.ts'
import { messageAsked, type Publishers, publisherAsked } from './publishers.ts'
import { shapeNames, shapes } from './shapes.ts'

/** `POST /playground/publishers` and `/playground/publish`; `publishers` and `shapes` in the state. */
export function publisherRoutes(publishers: Publishers): Part {
  const list = shapeNames.map((shape) => ({
    shape,
    describe: shapes[shape].describe,
    channels: [...new Set<string>(shapes[shape].channels)],
  }))
  return {
    routes(server) {
      server.get('/playground/publishers', async () => ({ publishers: publishers.state(), shapes: list }))
      server.post('/playground/publishers', async ({ body }) => publishers.set(readBody(publisherAsked, body)))
      server.post('/playground/publish', async ({ body }) => publishers.publish(readBody(messageAsked, body)))
    },
    state: () => ({ publishers: publishers.state(), shapes: list }),
  }
}
