import { createReadStream } from 'node:fs'
import { createRequire } from 'node:module'
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../refusal.ts'
import type { ApiDescription, DocumentedRoute } from './api-document.ts'

const config = { open: true, undocumented: true } as const

/** Files of Swagger UI that its page asks for, and no others. https://swagger.io/tools/swagger-ui/ */
const FILES: Readonly<Record<string, string>> = {
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
  'favicon-32x32.png': 'image/png',
}

const START = `SwaggerUIBundle({ url: '/docs/json', dom_id: '#docs', deepLinking: true, persistAuthorization: false })\n`

/** The page runs its own scripts alone, and asks nobody but this service. Swagger UI styles inline. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"

/**
 * `/docs` for people, `/docs/json` for programs: every route that is added after this call. Nothing is made of them, and no more is loaded,
 * before somebody asks.
 */
export function docsRoutes(app: FastifyInstance, description: ApiDescription): void {
  const routes: DocumentedRoute[] = []
  app.addHook('onRoute', (route) => {
    if (route.method !== 'HEAD' && route.method !== 'OPTIONS' && !route.config?.undocumented) routes.push(route)
  })

  app.get('/docs', { config }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', CSP).send(page(description.name)),
  )

  app.get('/docs/json', { config }, async () => {
    const { apiDocument } = await import('./api-document.ts')
    return apiDocument(description, routes)
  })

  app.get<{ Params: { file: string } }>('/docs/static/:file', { config }, async ({ params: { file } }, reply) => {
    reply.header('cache-control', 'public, max-age=3600')
    if (file === 'start.js') return reply.type('text/javascript; charset=utf-8').send(START)
    const type = FILES[file]
    if (!Object.hasOwn(FILES, file) || !type) throw new Refusal(404, 'Not Found')
    const path = createRequire(import.meta.url).resolve(`@fastify/swagger-ui/static/${file}`)
    return reply.type(type).send(createReadStream(path))
  })
}

function page(name: string): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>${name}</title>
  <link rel="stylesheet" href="/docs/static/swagger-ui.css">
  <link rel="icon" type="image/png" href="/docs/static/favicon-32x32.png">
</head>
<body>
  <div id="docs"></div>
  <script src="/docs/static/swagger-ui-bundle.js"></script>
  <script src="/docs/static/start.js"></script>
</body>
</html>
`
}
