import type { FastifyInstance, FastifyRequest } from 'fastify'
import { noTracing, type OpenSpan, type Tracing } from '#src/tracing/tracing.ts'

/** A span for each request, part of the asker's trace where it names one; what is asked every few seconds (health, figures) has none. */
export function requestSpans(app: FastifyInstance, tracing: Tracing): void {
  if (tracing === noTracing) return
  const spans = new WeakMap<FastifyRequest, OpenSpan>()

  app.addHook('onRequest', (request, _reply, done) => {
    const { method, routeOptions, headers } = request
    const route = routeOptions.url ?? 'unknown'
    if (/^\/(health|metrics)/.test(route)) return done()
    const { traceparent, tracestate } = headers
    const span = tracing.start(`${method} ${route}`, {
      kind: 'server',
      attributes: { 'http.request.method': method, 'http.route': route },
      ...(typeof traceparent === 'string' && { from: { traceparent, ...(typeof tracestate === 'string' && { tracestate }) } }),
    })
    spans.set(request, span)
    span.run(done)
  })

  app.addHook('onResponse', async (request, { statusCode }) => {
    const span = spans.get(request)
    span?.set({ 'http.response.status_code': statusCode })
    span?.end(statusCode >= 500 ? String(statusCode) : undefined)
  })
}
