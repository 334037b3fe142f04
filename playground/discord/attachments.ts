import type { FastifyInstance } from 'fastify'
import type { World } from './world.ts'

/** Serves uploads as Discord's content delivery network does; a link works until the time it carries. */
export function serveAttachments(server: FastifyInstance, { files, clock }: World): void {
  server.get('/attachments/:channel/:id/:name', async (request, reply) => {
    const { channel, id, name } = request.params as { channel: string; id: string; name: string }
    const expires = Number.parseInt(String((request.query as { ex?: string }).ex), 16) * 1000
    const file = files.get(`${channel}/${id}/${name}`)
    if (!file || !(expires > clock.now().getTime())) return reply.code(404).type('text/plain').send('This content is no longer available.')
    return reply.type(file.type).header('cache-control', 'private, max-age=86400').send(file.data)
  })
}
