import { once } from 'node:events'
import websocket from '@fastify/websocket'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createDatabase } from '#src/adapters/store/create-database.ts'
import { createServiceApp, type ServiceApp } from '#src/service/service-app.ts'
import { createTracing } from '#src/tracing/create-tracing.ts'
import { openTracing } from '#src/tracing/open-tracing.ts'
import { noTracing } from '#src/tracing/tracing.ts'
import { startService, stopService } from '#test/services/service-process.ts'
import { createEmptyDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { bearer, serviceBase } from '#test/support/service.ts'
import { startCollector } from './collector.ts'

let collector: Awaited<ReturnType<typeof startCollector>>
beforeAll(async () => {
  collector = await startCollector()
})
afterAll(() => collector.close())

const tracingOf = (service: string, share = 1, log = quietLog()) =>
  createTracing({ endpoint: collector.endpoint, service, version: '1.2.3', share, log })
const received = (name: string) => vi.waitFor(() => collector.spans.find((span) => span.name === name) ?? expect.fail(`no ${name}`), 5_000)

test('a call from one process to another, and what it does there, are one trace', async () => {
  const service = await startService('slow', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint }, 'test/service/slow-service.ts')
  try {
    const asker = tracingOf('asker')
    await asker.span('ask', { kind: 'client' }, async () => {
      const headers = { ...bearer(), ...asker.carry(), 'content-type': 'application/json' }
      await fetch(`${service.url}/traced`, { headers })
      await fetch(`${service.url}/health`, { headers })
    })
    await asker.close()
    const { traceId, spanId } = await received('ask')
    expect(await received('GET /traced')).toMatchObject({
      service: 'slow',
      kind: 2,
      traceId,
      parentSpanId: spanId,
      attributes: { 'http.route': '/traced', 'http.request.method': 'GET', 'http.response.status_code': 200 },
      failed: false,
    })
    const inside = await received('GET /traced')
    expect(await received('inside')).toMatchObject({ service: 'slow', traceId, parentSpanId: inside.spanId })
    expect(await stopService(service)).toBe(0)
    expect(collector.spans.map(({ name }) => name).filter((name) => name.includes('health'))).toEqual([])
  } finally {
    if (service.child.exitCode === null) await stopService(service, 'SIGKILL')
  }
})

describe('a request', () => {
  let app: ServiceApp
  let tracing: ReturnType<typeof tracingOf>
  beforeAll(async () => {
    tracing = tracingOf('asked')
    app = createServiceApp({ ...serviceBase('asked', { tracing }), name: 'asked', description: 'Is asked.', components: {} })
    await app.http.register(websocket)
    app.http.get('/socket', { websocket: true, config: { open: true } }, (socket, request) => app.sockets.add(socket, request))
    app.http.get('/never', { config: { open: true } }, () => new Promise(() => {}))
    await app.http.listen({ port: 0, host: '127.0.0.1' })
  })
  afterAll(() => app.stop(1_000))
  const spansOf = (name: string) => collector.spans.filter((span) => span.name === name)

  test('that becomes a WebSocket is a span of its asker’s trace, which ends with the upgrade and not with the connection', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const client = new WebSocket(`${app.http.listeningOrigin.replace('http', 'ws')}/socket`, { headers: { traceparent } })
    await once(client, 'open')
    expect(await received('GET /socket')).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      attributes: { 'http.route': '/socket', 'http.response.status_code': 101 },
      failed: false,
    })
    expect(client.readyState).toBe(client.OPEN)
    client.close()
    await once(client, 'close')
    await tracing.close()
    expect(spansOf('GET /socket')).toHaveLength(1)
  })

  test('whose asker went before it was answered is a span that failed', async () => {
    const leaving = new AbortController()
    const asked = fetch(`${app.http.listeningOrigin}/never`, { signal: leaving.signal })
    app.http.server.once('request', () => leaving.abort())
    await expect(asked).rejects.toThrow()
    expect(await received('GET /never')).toMatchObject({ failed: true, attributes: { 'error.type': 'unanswered' } })
  })
})

test('a message carries its trace to whoever reads it', async () => {
  const publisher = tracingOf('publisher')
  const reader = tracingOf('reader')
  const message = await publisher.span('publish', { kind: 'producer' }, async () => ({ text: 'hello', ...publisher.carry() }))
  await reader.span('read', { kind: 'consumer', from: message }, async () => {})
  await Promise.all([publisher.close(), reader.close()])
  const { traceId, spanId } = await received('publish')
  expect(await received('read')).toMatchObject({ service: 'reader', kind: 5, traceId, parentSpanId: spanId })
})

test('spans inside of each other, at the same time, keep apart', async () => {
  const tracing = tracingOf('parallel')
  await Promise.all(
    ['a', 'b'].map((name) =>
      tracing.span(`outer ${name}`, {}, async () => {
        await null
        await tracing.span(`inner ${name}`, {}, async () => {})
      }),
    ),
  )
  await tracing.close()
  for (const name of ['a', 'b']) {
    const outer = await received(`outer ${name}`)
    expect(await received(`inner ${name}`)).toMatchObject({ traceId: outer.traceId, parentSpanId: outer.spanId })
  }
  expect((await received('outer a')).traceId).not.toBe((await received('outer b')).traceId)
})

test('a failure is told by its name, never by its words, and goes on to the caller', async () => {
  const tracing = tracingOf('failing')
  const work = () => Promise.reject(new TypeError('password hunter2'))
  await expect(tracing.span('broken', {}, work)).rejects.toThrow('hunter2')
  await tracing.close()
  expect(await received('broken')).toMatchObject({ failed: true, attributes: { 'error.type': 'TypeError' } })
  expect(JSON.stringify(collector.spans)).not.toContain('hunter2')
})

test('a query of the database is part of what asked for it, without its values', async () => {
  const { url, drop } = await createEmptyDatabase()
  const tracing = tracingOf('keeper')
  const migrations = new URL('../adapters/store/migrations/', import.meta.url)
  const database = createDatabase<{ note: { text: string } }>({
    url,
    size: 1,
    log: quietLog(),
    applicationName: 'keeper',
    migrations,
    tracing,
  })
  await tracing.span('keep', {}, () => database.db.insertInto('note').values({ text: 'hunter2' }).execute())
  await Promise.all([database.close(), tracing.close()])
  await drop()
  const { traceId } = await received('keep')
  expect(await received('INSERT')).toMatchObject({ kind: 3, traceId, attributes: { 'db.system.name': 'postgresql' } })
  expect(JSON.stringify(collector.spans)).not.toContain('hunter2')
})

test.each([
  ['nothing', {}],
  ['no traceparent', { traceparent: 'hunter2' }],
  ['zeroes', { traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` }],
  ['an invalid version', { traceparent: 'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }],
])('a trace that comes in as %s begins anew', async (what, from) => {
  const tracing = tracingOf('anew')
  await tracing.span(`from ${what}`, { from }, async () => {})
  await tracing.close()
  expect((await received(`from ${what}`)).parentSpanId).toBeUndefined()
})

test('what comes in sampled or not stays so, and its state goes on', async () => {
  const tracing = tracingOf('sampled', 0)
  const carried = (flags: string) =>
    tracing.span(
      `flags ${flags}`,
      { from: { traceparent: `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-${flags}`, tracestate: 'a=1' } },
      async () => tracing.carry(),
    )
  expect(await carried('01')).toMatchObject({
    traceparent: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-[\da-f]{16}-01$/),
    tracestate: 'a=1',
  })
  expect((await carried('00')).traceparent).toMatch(/-00$/)
  await tracing.span('unsampled', {}, async () => {})
  await tracing.close()
  await received('flags 01')
  expect(collector.spans.filter(({ name }) => ['flags 00', 'unsampled'].includes(name))).toEqual([])
})

test('a collector that is away is said once, and costs nobody anything', async () => {
  const log = quietLog()
  const tracing = tracingOf('alone', 1, log)
  collector.answer(400)
  for (const name of ['lost', 'lost too']) {
    await tracing.span(name, {}, async () => {})
    await tracing.close()
  }
  collector.answer(200)
  await tracing.span('found', {}, async () => {})
  await tracing.close()
  await received('found')
  expect(log.lines.filter(({ level }) => level !== 'debug').map(({ message }) => message)).toEqual([
    'spans cannot be sent: those of now are lost, later ones are tried',
    'spans are sent again',
  ])
})

test('without a collector nothing is loaded', async () => {
  const config = { OTEL_EXPORTER_OTLP_ENDPOINT: undefined, OTEL_TRACES_SAMPLER_ARG: 1 }
  expect(await openTracing({ config, service: 'x', version: '1', log: quietLog() })).toBe(noTracing)
})
