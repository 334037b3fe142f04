import type { FastifyInstance } from 'fastify'
import { z } from 'zod'

const info = z.object({ name: z.string(), version: z.string(), description: z.string() })

/** `GET /api/info`: which service this is, for anybody. */
export function infoRoute(app: FastifyInstance, answer: z.output<typeof info>): void {
  const schema = { summary: 'Which service this is', response: { 200: info } }
  app.get('/api/info', { config: { open: true }, schema }, async () => answer)
}
