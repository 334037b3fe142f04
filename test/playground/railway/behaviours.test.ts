import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BehaviourName } from '#playground/railway/behaviours.ts'
import { asking } from './asking.ts'
import { eventually, type Mounted, mount } from './mounted.ts'

let mounted: Mounted
let api: ReturnType<typeof asking>
beforeAll(async () => {
  mounted = await mount()
  await mounted.railway.whenHealthy('staging')
  api = asking(mounted)
})
afterAll(() => mounted.close())

async function goLive(behaviour: BehaviourName): Promise<string> {
  const id = await api.deploy(api.commit(behaviour))
  await api.until(id, 'SUCCESS')
  return id
}

const errorLines = async (id: string): Promise<{ message: string; attributes: { key: string; value: string }[] }[]> => {
  const query = `query ($id: String!) { deploymentLogs(deploymentId: $id, filter: "@level:error") { message attributes { key value } } }`
  return (await api.ok(query, { id })).deploymentLogs
}
const visits = (count: number, path = '/') =>
  Promise.all(Array.from({ length: count }, async () => (await fetch(api.url() + path, { headers: { connection: 'close' } })).status))

test('errors after going live: healthy at its check, then two answers of five are 500, each with a line in the log; the check stays well', async () => {
  const id = await goLive('answers-errors')
  await eventually(
    () => visits(1),
    ([status]) => status === 500,
  )
  const statuses = await visits(50)
  expect(statuses.filter((status) => status === 500)).toHaveLength(20)
  expect(statuses.filter((status) => status === 200)).toHaveLength(30)
  expect(new Set(await visits(5, '/health'))).toEqual(new Set([200]))
  const lines = (await errorLines(id)).filter(({ message }) => message === 'a request could not be answered')
  expect(lines.length).toBeGreaterThanOrEqual(20)
  expect(lines[0]!.attributes).toContainEqual({ key: 'url', value: '"/"' })
  expect((await api.deployment(id)).status).toBe('SUCCESS')
})

test('a crash loop goes live, ends with an error, is started again and again, and reads SUCCESS until Railway gives it up', async () => {
  await api.update({ restartPolicyMaxRetries: 2 })
  const id = await goLive('crash-loop')
  const seen = new Set<string>()
  await eventually(
    async () => {
      const { status, instances } = await api.deployment(id)
      if (status === 'SUCCESS') for (const one of instances) seen.add(one.status)
      return status
    },
    (status) => status === 'CRASHED',
  )
  expect([...seen]).toEqual(expect.arrayContaining(['RUNNING', 'CRASHED']))
  const lines = (await errorLines(id)).map(({ message }) => message)
  expect(lines.filter((line) => line === 'the state of the last run cannot be read')).toHaveLength(3)
  expect(lines.filter((line) => line.includes('SyntaxError: Unexpected end of JSON input'))).toHaveLength(3)
  await api.update({ restartPolicyMaxRetries: 10 })
})

test('a slow version answers later and later, and answers all the same', async () => {
  const id = await goLive('slow')
  await eventually(
    async () => {
      const since = performance.now()
      expect(JSON.parse(await api.visit())).toMatchObject({ status: 'ok' })
      return performance.now() - since
    },
    (ms) => ms > 120,
  )
  expect((await api.deployment(id)).instances.map(({ status }) => status)).toEqual(['RUNNING'])
})

test('a leaking version takes more and more memory', async () => {
  const id = await goLive('leaks-memory')
  const memory = () =>
    (api.service().processes as { deployment: string; memoryBytes?: number }[]).find(({ deployment }) => deployment === id)?.memoryBytes
  const early = await eventually(memory, (bytes) => bytes !== undefined)
  await eventually(memory, (bytes) => bytes !== undefined && bytes > early! + 12_000_000)
  expect((await api.deployment(id)).status).toBe('SUCCESS')
})

test('a bad version that is started again turns bad without a health check', async () => {
  const id = await goLive('answers-errors')
  await mounted.fault('kill-service', { service: 'api', environment: 'staging' })
  await eventually(
    async () => (await visits(10)).filter((status) => status === 500).length,
    (errors) => errors > 0,
  )
  expect((await api.deployment(id)).status).toBe('SUCCESS')
  expect(mounted.errors).toEqual([])
})
