import { type Client, createClient } from 'graphql-ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { asking } from './asking.ts'
import { eventually, type Mounted, mount } from './mounted.ts'

let mounted: Mounted
let api: ReturnType<typeof asking>
const clients: Client[] = []
beforeAll(async () => {
  mounted = await mount()
  await mounted.railway.whenHealthy('staging')
  api = asking(mounted)
})
afterAll(async () => {
  for (const client of clients) await client.dispose()
  await mounted.close()
})

/** As the product does it: the token on the upgrade request. */
function connect(headers: Record<string, string> = { authorization: `Bearer ${mounted.railway.credentials().accountToken}` }): Client {
  class WithHeaders extends WebSocket {
    constructor(address: string, protocols: string[]) {
      super(address, protocols, { headers })
    }
  }
  const client = createClient({ url: mounted.url.replace('http', 'ws'), webSocketImpl: WithHeaders, retryAttempts: 0 })
  clients.push(client)
  return client
}

function subscribe(query: string, variables: Record<string, unknown>, client = connect()) {
  // biome-ignore lint/suspicious/noExplicitAny: values of any shape
  const seen: any[] = []
  const end: { how?: 'complete' | 'error'; error?: unknown } = {}
  const stop = client.subscribe(
    { query, variables },
    {
      next: (value) => void seen.push(value),
      error: (error) => void Object.assign(end, { how: 'error', error }),
      complete: () => void Object.assign(end, { how: 'complete' }),
    },
  )
  return { seen, end, stop }
}

test('a deployment’s statuses come as they change, and the stream ends with the deployment', async () => {
  await api.update({ healthcheckTimeout: 1 })
  const id = await api.deploy(api.commit('fails-health-check'))
  const { seen, end } = subscribe('subscription ($id: String!) { deployment(id: $id) { id status instances { status } } }', { id })
  await eventually(() => end.how, Boolean)
  expect(end.how).toBe('complete')
  const statuses = [...new Set(seen.map(({ data }) => data.deployment.status))]
  expect(statuses.slice(-2)).toEqual(['DEPLOYING', 'FAILED'])
})

test('a deployment’s steps come with their errors', async () => {
  const { id } = (await api.history()).find(({ status }) => status === 'FAILED')!
  const { seen, stop } = subscribe('subscription ($id: String!) { deploymentEvents(id: $id) { step payload { error } } }', { id })
  await eventually(
    () => seen.length,
    (length) => length >= 5,
  )
  expect(seen.map(({ data }) => data.deploymentEvents.step)).toEqual([
    'SNAPSHOT_CODE',
    'BUILD_IMAGE',
    'PUBLISH_IMAGE',
    'CREATE_CONTAINER',
    'HEALTHCHECK',
  ])
  expect(seen.at(-1).data.deploymentEvents.payload.error).toContain('Healthcheck failed')
  stop()
})

test('logs come as arrays, what is there first; a build’s end with the build', async () => {
  const id = await api.deploy()
  const deploy = subscribe(
    'subscription ($id: String!) { deploymentLogs(deploymentId: $id, filter: "@level:info", limit: 500) { message } }',
    { id },
  )
  const build = subscribe('subscription ($id: String!) { buildLogs(deploymentId: $id, filter: "") { message } }', { id })
  const everything = subscribe('subscription ($id: String!) { environmentLogs(environmentId: $id) { message tags { deploymentId } } }', {
    id: api.environmentId,
  })
  await eventually(() => build.end.how, Boolean)
  const messages = build.seen.flatMap(({ data }) => data.buildLogs.map(({ message }: { message: string }) => message))
  expect(messages.at(-1)).toBe('[/health] Healthcheck succeeded!')
  await eventually(
    () => JSON.stringify(deploy.seen),
    (seen) => seen.includes('listening'),
  )
  expect(JSON.stringify(deploy.seen)).not.toContain('stderr')
  await eventually(
    () => JSON.stringify(everything.seen),
    (seen) => seen.includes(id),
  )
  deploy.stop()
  everything.stop()
})

test('a wrong token gets Not Authorized', async () => {
  const { id } = await api.latest()
  const { seen, end } = subscribe(
    'subscription ($id: String!) { deployment(id: $id) { id } }',
    { id },
    connect({ authorization: 'Bearer nobody' }),
  )
  await eventually(() => end.how, Boolean)
  expect(seen.flatMap(({ errors }) => errors)).toEqual([
    expect.objectContaining({ message: 'Not Authorized', extensions: expect.objectContaining({ code: 'INTERNAL_SERVER_ERROR' }) }),
  ])
})

test('subscriptions can be cut', async () => {
  const { id } = await api.latest()
  const { seen, end } = subscribe('subscription ($id: String!) { deployment(id: $id) { status } }', { id })
  await eventually(() => seen.length, Boolean)
  expect(await mounted.fault('cut-subscriptions')).toEqual({ cut: expect.any(Number) })
  await eventually(() => end.how, Boolean)
  expect(end.how).toBe('error')
})
