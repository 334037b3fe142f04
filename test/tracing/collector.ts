import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { z } from 'zod'

const attribute = z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) })
const sent = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute) }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              name: z.string(),
              kind: z.number(),
              attributes: z.array(attribute),
              status: z.object({ code: z.number().optional() }),
            }),
          ),
        }),
      ),
    }),
  ),
})

export interface ReceivedSpan {
  readonly service: unknown
  readonly name: string
  readonly kind: number
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly attributes: Readonly<Record<string, unknown>>
  readonly failed: boolean
}

/** An OTLP collector over HTTP that keeps what it is sent. https://opentelemetry.io/docs/specs/otlp/#otlphttp */
export async function startCollector() {
  const spans: ReceivedSpan[] = []
  let status = 200
  const server = createServer(async (request, response) => {
    const body = await json(request)
    if (status === 200 && request.url === '/v1/traces') spans.push(...read(body))
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: spans as readonly ReceivedSpan[],
    answer(code: number) {
      status = code
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function read(body: unknown): readonly ReceivedSpan[] {
  return sent.parse(body).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const { 'service.name': service } = values(resource.attributes)
    return scopeSpans.flatMap((scope) =>
      scope.spans.map(({ attributes, status, parentSpanId, ...span }) => ({
        ...span,
        service,
        parentSpanId,
        attributes: values(attributes),
        failed: status.code === 2,
      })),
    )
  })
}

function values(attributes: readonly z.output<typeof attribute>[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}
