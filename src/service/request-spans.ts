import type { FastifyInstance, FastifyRequest } from 'fastify'
import { noTracing, type OpenSpan, type Tracing } from '#src/tracing/tracing.ts'

/** Those that have not ended. */
const spans = new WeakMap<FastifyRequest, OpenSpan>()

/** A span for each request, part of the asker's trace where it names one; what is asked every few seconds (health, figures) has none. */
export function requestSpans(app: FastifyInstance, tracing: Tracing): void {
  if (tracing === noTracing) return

  app.addHook('onRequest', (request, reply, done) => {
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
    // Whose asker went before the answer has no response.
    reply.raw.once('close', () => endSpan(request, 'unanswered'))
    span.run(done)
  })

  app.addHook('onResponse', async (request, { statusCode }) => {
    spans.get(request)?.set({ 'http.response.status_code': statusCode })
    endSpan(request, statusCode >= 500 ? String(statusCode) : undefined)
  })
}

/** A request that became a WebSocket is never answered otherwise: its span ends here. */
export function endUpgradeSpan(request: FastifyRequest): void {
  spans.get(request)?.set({ 'http.response.status_code': 101 })
  endSpan(request)
}

function endSpan(request: FastifyRequest, failure?: string): void {
  spans.get(request)?.end(failure)
  spans.delete(request)
}
