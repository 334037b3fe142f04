import { z } from 'zod'
import { runService } from '#src/service/run-service.ts'
import { createServiceApp } from '#src/service/service-app.ts'

/** A service whose requests last as long as their sender likes: it says `receiving` and answers once the body is whole. */
await runService(
  {
    name: 'slow',
    port: 0,
    variables: {},
    create: ({ base }) => {
      const app = createServiceApp({ ...base, name: 'slow', description: 'Waits.', components: {} })
      app.http.addHook('preParsing', async (request) => request.log.info('receiving'))
      app.http.post('/echo', { config: { open: true }, schema: { body: z.object({ text: z.string() }) } }, async ({ body }) => body)
      app.http.get('/traced', async () => base.tracing.span('inside', {}, async () => ({})))
      app.http.get('/bug', { config: { open: true } }, async () => {
        setImmediate(() => {
          throw new Error('connect postgresql://helix:hunter2@127.0.0.1/helix')
        })
        return {}
      })
      return app
    },
  },
  process,
)
