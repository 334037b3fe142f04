import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { visitorRoutes } from '#playground/visitors/visitor-routes.ts'
import { createVisitors, visitorsAsked } from '#playground/visitors/visitors.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import { asking } from '../railway/asking.ts'
import { eventually, mount } from '../railway/mounted.ts'

const clock = systemClock()

async function open(answer: Parameters<typeof createServer>[1]) {
  const server = createServer(answer)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const visitors = createVisitors({ addresses: async () => ({ api: url }), clock })
  onTestFinished(async () => {
    await visitors.close()
    server.close().closeAllConnections()
  })
  const set = (more: object) => visitors.set(visitorsAsked.parse({ service: 'api', ...more }))
  return { visitors, set, server }
}

test('Railway’s metrics are those of the visitors: each one’s request passes the edge to a replica and is counted', async () => {
  const mounted = await mount()
  await mounted.railway.whenHealthy('staging')
  const api = asking(mounted)
  const visitors = createVisitors({ addresses: mounted.railway.addresses, clock })
  const since = new Date(Date.now() - 60_000).toISOString()
  const counted = async (): Promise<number> => {
    const query = `query ($serviceId: String!, $environmentId: String!, $since: DateTime!, $until: DateTime!) {
      httpMetricsGroupedByStatus(serviceId: $serviceId, environmentId: $environmentId, startDate: $since, endDate: $until) { statusCode samples { value } }
    }`
    const groups = (await api.ok(query, { since, until: new Date(Date.now() + 60_000).toISOString() })).httpMetricsGroupedByStatus
    expect(groups.map(({ statusCode }: { statusCode: number }) => statusCode)).toEqual(groups.length ? [200] : [])
    return groups[0]?.samples[0].value ?? 0
  }
  await visitors.set(visitorsAsked.parse({ service: 'api', environment: 'staging', perSecond: 100 }))
  await eventually(counted, (count) => count > 50)
  const { sent } = visitors.state()[0]!
  await visitors.set(visitorsAsked.parse({ service: 'api', environment: 'staging', perSecond: 0 }))
  await eventually(counted, (count) => count >= sent) // who waited was answered
  await visitors.close()
  await mounted.close()
})

test('they come at their own pace however long the answers take, and stay away only where a thousand wait', async () => {
  const { visitors, set } = await open(() => {})
  await set({ perSecond: 200 })
  const { sent, waiting } = await eventually(
    () => visitors.state()[0]!,
    (state) => state.sent >= 60,
  )
  expect(waiting).toBe(sent)
  expect((await set({ perSecond: 0 })).perSecond).toBe(0)
  expect(visitors.state()).toEqual([])
})

test('connections are kept, or made anew for each request', async () => {
  let connections = 0
  const { visitors, set, server } = await open((_, response) => response.end('well'))
  server.on('connection', () => connections++)
  const sent = () => visitors.state()[0]!.sent
  await set({ perSecond: 100 })
  await eventually(sent, (count) => count > 40 && count > 2 * connections)
  await set({ perSecond: 100, keepAlive: false })
  connections = 0
  await eventually(sent, (count) => count >= 20)
  const { sent: all, waiting } = visitors.state()[0]!
  expect(connections).toBeGreaterThanOrEqual(all - waiting)
})

test('what they were answered is shown: 500 and no answer at all are failures, 404 is none; the median tells how long', async () => {
  const { visitors, set } = await open((request, response) => {
    if (request.url === '/cut') return request.socket.destroy()
    response.statusCode = request.url === '/bad' ? 500 : 404
    response.end()
  })
  await set({ perSecond: 200, paths: ['/bad', '/missing', '/cut', '/missing'] })
  await eventually(
    () => visitors.state()[0]!,
    ({ failing, medianMs }) => failing > 0.4 && failing < 0.6 && medianMs! > 0,
  )
})

test('over HTTP they are started, changed and ended; what cannot be is refused in a sentence', async () => {
  const { visitors } = await open((_, response) => response.end())
  const server = Fastify()
  server.setErrorHandler((error, _, reply) => reply.code(error instanceof UserError ? 400 : 500).send({ error: (error as Error).message }))
  visitorRoutes(visitors).routes(server)
  const post = async (payload: object) => (await server.inject({ method: 'POST', url: '/playground/visitors', payload })).json()
  expect(await post({ service: 'api', perSecond: 3 })).toMatchObject({
    service: 'api',
    environment: 'production',
    perSecond: 3,
    keepAlive: true,
  })
  expect(await post({ service: 'api', perSecond: 5, keepAlive: false })).toMatchObject({ perSecond: 5, keepAlive: false })
  expect((await server.inject('/playground/visitors')).json()).toMatchObject([{ service: 'api', perSecond: 5 }])
  expect(visitorRoutes(visitors).state().visitors).toHaveLength(1)
  expect(await post({ service: 'nobody', perSecond: 1 })).toEqual({
    error: 'nobody has no public address in production. Nothing was done.',
  })
  for (const wrong of [
    { service: 'api' },
    { service: 'api', perSecond: -1 },
    { service: 'api', perSecond: 1e9 },
    { service: 'api', perSecond: 1, paths: ['http://elsewhere/'] },
    [],
    { service: 'api', perSecond: 1, more: true },
  ])
    expect((await post(wrong)).error).toMatch(/^Nothing was done\. /)
  expect(await post({ service: 'api', perSecond: 0 })).toMatchObject({ perSecond: 0, sent: 0 })
  expect(visitors.state()).toEqual([])
})
