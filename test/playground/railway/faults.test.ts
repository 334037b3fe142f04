import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { asking } from './asking.ts'
import { eventually, type Mounted, mount } from './mounted.ts'

let mounted: Mounted
let api: ReturnType<typeof asking>
beforeAll(async () => {
  mounted = await mount()
  await mounted.railway.whenHealthy('staging')
  api = asking(mounted)
})
afterEach(() => mounted.fault('clear'))
afterAll(() => mounted.close())

const deployment = 'mutation ($s: String!, $e: String!) { serviceInstanceDeployV2(serviceId: $s, environmentId: $e) }'
const deploy = () => mounted.ask(deployment, { s: api.serviceId, e: api.environmentId })
const status = () => mounted.ask('query Platform { platformStatus { isStable } }')
const failNext = (kind: string, more: object = {}) => mounted.fault('fail-next', { operation: 'serviceInstanceDeployV2', kind, ...more })

test.each([
  ['rate-limit', 429],
  ['server-error', 503],
  ['html', 502],
  ['refuse', 200],
  ['graphql-error', 200],
])('%s: the next one of the operation is answered so, is not carried out, and the one after is well', async (kind, code) => {
  const before = (await api.history()).length
  await failNext(kind, { retryAfterSeconds: 7 })
  expect((await status()).status).toBe(200)
  const answer = await deploy()
  expect(answer.status).toBe(code)
  if (kind === 'rate-limit') expect(answer.headers.get('retry-after')).toBe('7')
  if (kind === 'html') expect(answer.headers.get('content-type')).toContain('text/html')
  if (kind === 'refuse') expect([answer.errors?.[0]?.message, answer.data]).toEqual(['Not Authorized', null])
  if (kind === 'graphql-error') expect([answer.errors?.[0]?.message, answer.data]).toEqual(['Problem processing request', null])
  expect(await api.history()).toHaveLength(before)
  expect((await status()).status).toBe(200)
})

test('an operation is found by its name in the document, too, and as often as asked', async () => {
  await status()
  await mounted.fault('fail-next', { operation: 'Platform', kind: 'server-error', times: 2 })
  expect([(await status()).status, (await status()).status, (await status()).status]).toEqual([503, 503, 200])
})

test('an operation that nobody asks for is refused, with those that there are', async () => {
  await expect(mounted.fault('fail-next', { operation: 'deploymentRestrat', kind: 'refuse' })).rejects.toThrow(
    /by the name “deploymentRestrat”\. It is \* .* or one of: .*deploymentRestart, .*serviceInstanceDeployV2/,
  )
  await expect(mounted.fault('fail-next', { operation: 'NeverAsked', kind: 'refuse' })).rejects.toThrow('NeverAsked')
  await mounted.ask('query NeverAsked { platformStatus { isStable } }')
  await mounted.fault('fail-next', { operation: 'NeverAsked', kind: 'server-error' })
  expect((await mounted.ask('query NeverAsked { platformStatus { isStable } }')).status).toBe(503)
})

test('commit-then-cut: it is done, and the connection ends without an answer', async () => {
  const before = (await api.history()).length
  await failNext('commit-then-cut')
  await expect(deploy()).rejects.toThrow('fetch failed')
  const history = await api.history()
  expect(history).toHaveLength(before + 1)
  await api.until(history[0]!.id, 'SUCCESS')
})

test('commit-then-graphql-error: it is done, and answered with the generic error', async () => {
  const before = (await api.history()).length
  await failNext('commit-then-graphql-error')
  expect(await deploy()).toMatchObject({ status: 200, errors: [{ message: 'Problem processing request' }] })
  const history = await api.history()
  expect(history).toHaveLength(before + 1)
  await api.until(history[0]!.id, 'SUCCESS')
})

test('commit-then-timeout: it is done, and no answer comes; timeout: neither', async () => {
  const before = (await api.history()).length
  const ended: string[] = []
  await failNext('commit-then-timeout')
  const first = deploy().catch(() => ended.push('first'))
  await eventually(
    async () => (await api.history()).length,
    (length) => length === before + 1,
  )
  await failNext('timeout')
  const remaining = async () => Number((await status()).headers.get('x-ratelimit-remaining'))
  const budget = await remaining()
  const second = deploy().catch(() => ended.push('second'))
  let asked = 0
  await eventually(remaining, (left) => left === budget - ++asked - 1) // the request has come in
  expect([ended, (await api.history()).length]).toEqual([[], before + 1])
  await mounted.fault('clear')
  await Promise.all([first, second])
  expect(ended.toSorted()).toEqual(['first', 'second'])
  expect(await api.history()).toHaveLength(before + 1)
})

test('frozen, nothing is answered until the faults are cleared', async () => {
  await mounted.fault('freeze')
  let answered = false
  const waiting = status().then((answer) => {
    answered = true
    return answer
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(answered).toBe(false)
  await mounted.fault('clear')
  expect((await waiting).status).toBe(200)
})

test('somebody else deploys from the dashboard', async () => {
  const { deployment: id } = (await mounted.fault('deploy-in-dashboard', { service: 'api', environment: 'staging' })) as {
    deployment: string
  }
  const data = await api.ok('query ($id: String!) { deployment(id: $id) { creator { name } meta } }', { id })
  expect(data.deployment.creator.name).toBe('Robin (dashboard)')
  await api.until(id, 'SUCCESS')
})

test('a fault for a service that is not there says so', async () => {
  await expect(mounted.fault('kill-service', { service: 'nothing' })).rejects.toThrow('There is no service nothing in production')
})
