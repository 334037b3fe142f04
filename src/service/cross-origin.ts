import type { FastifyInstance } from 'fastify'

/**
 * Which pages' scripts may call: those of the listed origins; `*` is any. With none listed a browser keeps every page's script from
 * reading an answer, and nothing is loaded. https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS
 */
export async function crossOrigin(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return
  const { default: cors } = await import('@fastify/cors')
  await app.register(cors, {
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['x-request-id', 'retry-after', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'],
    maxAge: 600,
  })
}
