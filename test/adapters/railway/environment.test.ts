import { afterEach, expect, test } from 'vitest'
import { connect } from './connect.ts'
import { aDeployment } from './deployments.ts'
import { graphqlServer } from './graphql-server.ts'

let server: Awaited<ReturnType<typeof graphqlServer>>
afterEach(() => server.close())

const pageInfo = (offset: number, shown: number, all: number) => ({
  hasNextPage: offset + shown < all,
  hasPreviousPage: false,
  endCursor: String(offset + shown),
})

/** An environment of so many services, paged as Railway pages; every third has a volume. */
function environmentOf(count: number, change: object = {}) {
  return ({ id }: { id: string }) => ({
    id,
    name: 'production',
    unmergedChangesCount: 2,
    serviceInstances: ({ first, after }: { first: number; after?: string }) => {
      const offset = Number(after ?? 0)
      const numbers = Array.from({ length: Math.min(first, count - offset) }, (_, i) => offset + i)
      return {
        edges: numbers.map((n) => ({ cursor: String(n), node: anInstance(n, change) })),
        pageInfo: pageInfo(offset, numbers.length, count),
      }
    },
    volumeInstances: ({ after }: { after?: string }) => ({
      edges: after ? [] : [0, 3].map((n) => ({ cursor: '0', node: aVolume(n) })),
      pageInfo: pageInfo(0, 2, 2),
    }),
  })
}

function aVolume(n: number) {
  return { serviceId: `service-${n}`, state: 'READY', isPendingDeletion: n === 3, currentSizeMB: 1_250.5, sizeMB: 5_000 }
}

function anInstance(n: number, change: object) {
  const deployment = aDeployment({ id: `deployment-${n}`, serviceId: `service-${n}` })
  return {
    serviceId: `service-${n}`,
    serviceName: `service ${n}`,
    region: null,
    numReplicas: 1,
    sleepApplication: false,
    cronSchedule: null,
    healthcheckPath: '/health',
    source: { repo: 'team/helix', image: null },
    domains: { serviceDomains: [{ domain: `s${n}.up.railway.app` }], customDomains: [] },
    latestDeployment: deployment,
    activeDeployments: [deployment],
    ...change,
  }
}

const metrics = () => [
  {
    measurement: 'CPU_USAGE',
    tags: { serviceId: 'service-0' },
    values: [
      { ts: 1, value: 0.1 },
      { ts: 2, value: 0.25 },
    ],
  },
  { measurement: 'DISK_USAGE_GB', tags: { serviceId: 'service-0' }, values: [{ ts: 1, value: 5 }] },
]

test('an environment of 500 services costs exactly one request', async () => {
  server = await graphqlServer({ environment: environmentOf(500), metrics })
  const state = await connect(server.url).environment('project-1', 'environment-1')
  expect(state.services).toHaveLength(500)
  expect(server.seen).toHaveLength(1)
})

test('each further 500 services cost one more, which asks for no metrics again', async () => {
  server = await graphqlServer({ environment: environmentOf(1200), metrics })
  const state = await connect(server.url).environment('project-1', 'environment-1')
  expect(new Set(state.services.map(({ id }) => id)).size).toBe(1200)
  expect(server.seen.map(({ variables }) => variables.withUsage)).toEqual([true, false, false])
})

test('a service is told with its deployments, replicas, volume and newest usage', async () => {
  server = await graphqlServer({ environment: environmentOf(4), metrics })
  const state = await connect(server.url).environment('project-1', 'environment-1')
  expect(state).toMatchObject({ id: 'environment-1', name: 'production', projectId: 'project-1', unmergedChanges: 2 })
  expect(state.services[0]).toMatchObject({
    id: 'service-0',
    name: 'service 0',
    source: { repo: 'team/helix', image: undefined },
    replicas: 2,
    regions: { 'europe-west4-drams3a': 2 },
    hasVolume: true,
    disk: { used: 1.2505, size: 5 },
    domains: ['s0.up.railway.app'],
    latest: { id: 'deployment-0', commit: '3f2a91c0', message: 'Add a door', status: 'SUCCESS' },
    serving: { id: 'deployment-0' },
    usage: { CPU_USAGE: 0.25 },
  })
  expect(state.services[1]?.hasVolume).toBe(false)
  expect(state.services[3]?.hasVolume, 'a volume that is pending deletion').toBe(false)
})

test('what serves is the first active deployment that is SUCCESS, CRASHED or SLEEPING', async () => {
  const activeDeployments = [aDeployment({ id: 'new', status: 'DEPLOYING' }), aDeployment({ id: 'old', status: 'CRASHED' })]
  server = await graphqlServer({ environment: environmentOf(1, { activeDeployments }), metrics })
  const [service] = (await connect(server.url).environment('project-1', 'environment-1')).services
  expect(service?.serving?.id).toBe('old')
})

test.each([
  ['nothing', null, { replicas: 3, regions: { 'us-west2': 3 } }],
  ['nonsense', 'nonsense', { replicas: 3, regions: { 'us-west2': 3 } }],
  [
    'regions, one of them taken away',
    { serviceManifest: { deploy: { multiRegionConfig: { a: { numReplicas: 2 }, b: null, c: {} } } } },
    { replicas: 3, regions: { a: 2, c: 1 } },
  ],
  ['one region', { serviceManifest: { deploy: { region: 'a', numReplicas: 4 } } }, { replicas: 4, regions: { a: 4 } }],
])('replicas are read from a meta that holds %s', async (_, meta, expected) => {
  const change = { region: 'us-west2', numReplicas: 3, latestDeployment: aDeployment({ meta }) }
  server = await graphqlServer({ environment: environmentOf(1, change), metrics })
  const [service] = (await connect(server.url).environment('project-1', 'environment-1')).services
  expect(service).toMatchObject(expected)
})
