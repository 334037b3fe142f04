import { afterEach, expect, test } from 'vitest'
import { turnedClock } from '#test/environments/railway-of.ts'
import { connect, faultOf } from './connect.ts'
import { aDeployment } from './deployments.ts'
import { type Answers, fault, graphqlServer } from './graphql-server.ts'

let server: Awaited<ReturnType<typeof graphqlServer>>
afterEach(async () => {
  await server.close()
})

const pageInfo = { hasNextPage: false, hasPreviousPage: false }
const serviceOf = (n: number, domain: boolean) => ({
  cursor: '',
  node: {
    serviceId: `service-${n}`,
    serviceName: `service ${n}`,
    domains: { serviceDomains: domain ? [{ domain: `s${n}.up.railway.app` }] : [], customDomains: [] },
    latestDeployment: aDeployment({ id: `d-${n}`, serviceId: `service-${n}` }),
    activeDeployments: [],
  },
})

interface HttpAsked {
  readonly serviceId: string
  readonly startDate: string
  readonly endDate: string
}

/** Every service has a domain but the last. Whom Railway was asked about is in `asked`. */
function edgeOf(count: number, others: Answers = {}): { readonly asked: string[]; readonly answers: Answers } {
  const asked: string[] = []
  const edges = Array.from({ length: count }, (_, n) => serviceOf(n, n < count - 1))
  const answers: Answers = {
    environment: ({ id }: { id: string }) => ({
      id,
      name: 'production',
      serviceInstances: { edges, pageInfo },
      volumeInstances: { edges: [], pageInfo },
    }),
    metrics: () => [],
    httpMetricsGroupedByStatus: ({ serviceId }: HttpAsked) => {
      asked.push(serviceId)
      return [
        { statusCode: 200, samples: [{ ts: 1, value: 100 }, { ts: 2, value: 80 }] }, // biome-ignore format: a table
        { statusCode: 404, samples: [{ ts: 2, value: 30 }] },
        { statusCode: 503, samples: [{ ts: 2, value: 30 }] },
      ]
    },
    httpDurationMetrics: () => ({ samples: [{ ts: 1, p50: 12, p90: 40, p95: 90.5, p99: 300 }] }),
    ...others,
  }
  return { asked, answers }
}

test('the figures of every service with a domain come in the one request of the reading after', async () => {
  const edge = edgeOf(4)
  server = await graphqlServer(edge.answers)
  const railway = connect(server.url)
  const first = await railway.environment('p', 'e')
  expect(first.services.map(({ http }) => http)).toEqual([undefined, undefined, undefined, undefined])
  const second = await railway.environment('p', 'e', first)
  expect(server.seen).toHaveLength(2)
  expect(edge.asked).toEqual(['service-0', 'service-1', 'service-2'])
  const until = second.readAt
  expect(second.services.map(({ http }) => http)).toEqual([
    ...Array(3).fill({ until, seconds: 120, requests: 240, errors: 30, p50Ms: 12, p95Ms: 90.5 }),
    undefined,
  ])
  const { httpSince, httpUntil } = server.seen[1]!.variables
  expect(httpUntil).toBe(until.toISOString())
  expect(new Date(String(httpUntil)).getTime() - new Date(String(httpSince)).getTime()).toBe(120_000)
})

test('of a service that nobody asked for anything there are figures too: none', async () => {
  server = await graphqlServer(edgeOf(2, { httpMetricsGroupedByStatus: () => [], httpDurationMetrics: () => ({ samples: [] }) }).answers)
  const railway = connect(server.url)
  const { services } = await railway.environment('p', 'e', await railway.environment('p', 'e'))
  expect(services[0]?.http).toMatchObject({ requests: 0, errors: 0, p50Ms: undefined, p95Ms: undefined })
})

test('a service whose figures fail costs nobody else theirs, and is left alone for a while', async () => {
  const edge = edgeOf(4, {
    httpDurationMetrics: ({ serviceId }: HttpAsked) => {
      if (serviceId === 'service-1') throw new Error('Problem processing request')
      return { samples: [] }
    },
  })
  server = await graphqlServer(edge.answers)
  const { clock, turn } = turnedClock()
  const railway = connect(server.url, { clock })
  const first = await railway.environment('p', 'e')
  const second = await railway.environment('p', 'e', first)
  expect(second.services.map(({ http }) => http?.requests)).toEqual([240, undefined, 240, undefined])
  expect(server.seen).toHaveLength(3)
  const third = await railway.environment('p', 'e', second)
  expect(third.services.map(({ http }) => http?.requests)).toEqual([240, undefined, 240, undefined])
  expect(server.seen).toHaveLength(4)
  turn(11 * 60_000)
  edge.asked.length = 0
  await railway.environment('p', 'e', third)
  expect(edge.asked).toContain('service-1')
})

test('where usage fails, the services are read all the same', async () => {
  server = await graphqlServer(
    edgeOf(3, {
      metrics: () => {
        throw new Error('Problem processing request')
      },
    }).answers,
  )
  const { services } = await connect(server.url).environment('p', 'e')
  expect(services).toHaveLength(3)
  expect(server.seen.map(({ variables }) => variables.withUsage)).toEqual([true, false])
})

test('where the environment itself fails, nothing is left out in vain', async () => {
  const refusing = () => {
    throw new Error('Not Authorized')
  }
  server = await graphqlServer(edgeOf(3, { environment: refusing, metrics: refusing }).answers)
  expect((await faultOf(connect(server.url).environment('p', 'e'))).message).toContain('no access')
  expect(server.seen).toHaveLength(1)
})

test('a request that Railway refuses for its size is made without the figures, and they rest', async () => {
  const edge = edgeOf(3)
  server = await graphqlServer(edge.answers)
  const { clock, turn } = turnedClock()
  const railway = connect(server.url, { clock })
  const first = await railway.environment('p', 'e')
  server.faults.push(fault.status(413, '<html>'))
  const second = await railway.environment('p', 'e', first)
  expect(second.services).toHaveLength(3)
  expect(edge.asked).toEqual([])
  await railway.environment('p', 'e', second)
  expect(edge.asked).toEqual([])
  turn(61_000)
  await railway.environment('p', 'e', second)
  expect(edge.asked).toEqual(['service-0', 'service-1'])
})

test('of more services than one request can carry, the others have their turn next, and what was found is kept meanwhile', async () => {
  const edge = edgeOf(401)
  server = await graphqlServer(edge.answers)
  const { clock, turn } = turnedClock()
  const railway = connect(server.url, { clock })
  let last = await railway.environment('p', 'e')
  const counted = () => last.services.filter(({ http }) => http !== undefined).length
  last = await railway.environment('p', 'e', last)
  expect([edge.asked.length, counted()]).toEqual([250, 250])
  turn(60_000)
  last = await railway.environment('p', 'e', last)
  expect(new Set(edge.asked).size).toBe(400)
  expect([edge.asked.length, counted()]).toEqual([500, 400])
})
