import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asking, isAlive } from './asking.ts'
import { eventually, type Mounted, mount, quick } from './mounted.ts'

describe('a process that dies', () => {
  let mounted: Mounted
  let api: ReturnType<typeof asking>

  beforeAll(async () => {
    mounted = await mount()
    await mounted.railway.whenHealthy('staging')
    api = asking(mounted)
  })
  afterAll(() => mounted.close())

  const setVariables = (variables: object) =>
    api.ok('mutation ($input: VariableCollectionUpsertInput!) { variableCollectionUpsert(input: $input) }', {
      input: {
        projectId: mounted.railway.credentials().projectId,
        environmentId: api.environmentId,
        serviceId: api.serviceId,
        variables,
        replace: true,
      },
    })

  test('is started again after a SIGKILL, and the edge reaches the new one', async () => {
    const [before] = api.pids()
    expect(await mounted.fault('kill-service', { service: 'api', environment: 'staging' })).toEqual({ killed: [before] })
    await eventually(api.pids, ([pid]) => pid !== undefined && pid !== before)
    const { id } = await api.latest()
    await api.untilRunning(id)
    const answer = JSON.parse(await api.visit()) as { pid: number }
    expect([answer.pid]).toEqual(api.pids())
    expect((await api.deployment(id)).status).toBe('SUCCESS')
  })

  test('in a crash loop reads SUCCESS until its restart policy gives up, then CRASHED', async () => {
    await api.update({ restartPolicyMaxRetries: 2 })
    await setVariables({ CRASH_AFTER_MS: '1000' })
    const { id } = await api.latest()
    await api.until(id, 'SUCCESS')
    const seen = new Set<string>()
    const end = await eventually(
      async () => {
        const deployment = await api.deployment(id)
        if (deployment.status === 'SUCCESS') for (const { status } of deployment.instances) seen.add(status)
        return deployment
      },
      ({ status }) => status === 'CRASHED',
    )
    expect(end.instances.map(({ status }) => status)).toEqual(['CRASHED'])
    expect([...seen]).toEqual(expect.arrayContaining(['RUNNING', 'RESTARTING']))
    expect((await fetch(api.url())).status).toBe(502)
  })

  test('is started again for ever where the policy says always, and never where it says so', async () => {
    const kill = () => mounted.fault('kill-service', { service: 'api', environment: 'staging' })
    await api.update({ restartPolicyType: 'ALWAYS', restartPolicyMaxRetries: 0 })
    await setVariables({})
    const { id } = await api.latest()
    await api.until(id, 'SUCCESS')
    const [before] = api.pids()
    await kill()
    await eventually(api.pids, ([pid]) => pid !== undefined && pid !== before)
    await api.untilRunning(id)
    await api.update({ restartPolicyType: 'NEVER' })
    const never = await api.deploy()
    await api.until(never, 'SUCCESS')
    await kill()
    expect((await api.until(never, 'CRASHED')).instances).toMatchObject([{ status: 'CRASHED' }])
    await api.update({ restartPolicyType: 'ON_FAILURE', restartPolicyMaxRetries: 2 })
  })

  test('at once when it starts never goes live, and the deployment fails', async () => {
    await setVariables({ CRASH_AT_START: '1' })
    const { id } = await api.latest()
    expect((await api.until(id, 'FAILED')).instances).toEqual([])
    await setVariables({})
    const { id: good } = await api.latest()
    await api.until(good, 'SUCCESS')
  })
})

describe('a service that is killed for good', () => {
  let mounted: Mounted
  let api: ReturnType<typeof asking>
  const at = { service: 'api', environment: 'staging' }
  const retries = 2

  beforeAll(async () => {
    mounted = await mount()
    await mounted.railway.whenHealthy('staging')
    api = asking(mounted)
    await api.update({ restartPolicyMaxRetries: retries })
    await api.until(await api.deploy(), 'SUCCESS')
  })
  afterAll(() => mounted.close())

  const killed = async () => {
    // What served before may be on its way out yet.
    const pids = await eventually(api.pids, ({ length }) => length === 1)
    expect(await mounted.fault('kill-service', { ...at, forGood: true })).toEqual({ killed: pids })
    const { id } = await api.latest()
    return api.until(id, 'CRASHED')
  }
  const starts = async (id: string): Promise<number> => {
    const query = 'query ($id: String!) { deploymentLogs(deploymentId: $id, filter: "@level:error") { message } }'
    const { deploymentLogs: lines } = await api.ok(query, { id })
    return lines.filter(({ message }: { message: string }) => message === 'the service cannot start').length
  }

  test('uses up its retries, each with a line in its log, and its deployment ends CRASHED', async () => {
    const { id, instances } = await killed()
    expect(instances.map(({ status }) => status)).toEqual(['CRASHED'])
    expect(await starts(id)).toBe(retries)
    expect((await fetch(api.url())).status).toBe(502)
  })

  test('is brought back by a restart of the deployment, which has all its retries again', async () => {
    const { id } = await api.latest()
    await api.act('deploymentRestart', id)
    expect((await api.untilRunning(id)).status).toBe('SUCCESS')
    expect(JSON.parse(await api.visit())).toEqual({ status: 'ok', pid: api.pids()[0] })
    await killed()
    expect(await starts(id)).toBe(2 * retries)
  })

  test('is brought back by a redeployment', async () => {
    const { id } = await api.latest()
    const { deploymentRedeploy: fresh } = await api.ok('mutation ($id: String!) { deploymentRedeploy(id: $id) { id } }', { id })
    expect((await api.until(fresh.id, 'SUCCESS')).instances.map(({ status }) => status)).toEqual(['RUNNING'])
  })

  test('one replica of two alone: the other goes on serving', async () => {
    await api.scale({ 'europe-west4-drams3a': { numReplicas: 2 } })
    const { id } = await api.latest()
    await api.untilRunning(id, 2)
    await mounted.fault('kill-service', { ...at, replica: 1, forGood: true })
    const { status } = await eventually(
      () => api.deployment(id),
      ({ instances }) => instances.map((one) => one.status).join() === 'RUNNING,CRASHED' && starts(id),
    )
    expect(status).toBe('SUCCESS')
    expect(JSON.parse(await api.visit())).toMatchObject({ status: 'ok' })
  })
})

test('a restart does not wait for the pause between two crashes', async () => {
  const hour = 3_600_000
  const mounted = await mount({ pacing: { ...quick, restartMs: hour } })
  await mounted.railway.whenHealthy('staging')
  const api = asking(mounted)
  await mounted.fault('kill-service', { service: 'api', environment: 'staging' })
  const { id } = await eventually(api.latest, ({ instances }) => instances[0]?.status === 'CRASHED')
  await api.act('deploymentRestart', id)
  await api.untilRunning(id)
  await mounted.close()
})

test('a service that ends by itself has completed: SUCCESS, stopped, and not started again', async () => {
  const mounted = await mount()
  await mounted.railway.whenHealthy('staging')
  const api = asking(mounted)
  const [pid] = api.pids()
  process.kill(pid!, 'SIGTERM') // the fixture answers with a clean exit
  const { id } = await api.latest()
  await eventually(
    () => api.deployment(id),
    ({ deploymentStopped }) => deploymentStopped,
  )
  expect(await api.deployment(id)).toMatchObject({ status: 'SUCCESS', instances: [{ status: 'EXITED' }] })
  await mounted.close()
})

test('Ctrl-C at the terminal is not for the services: each has a process group of its own', async () => {
  const mounted = await mount()
  await mounted.railway.whenHealthy('staging')
  for (const pid of asking(mounted).pids()) {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    expect(Number(group)).toBe(pid)
  }
  await mounted.close()
})

test('no process outlives a playground that is killed', async () => {
  const playground = spawn(process.execPath, [fileURLToPath(new URL('./fixtures/playground.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = (await once(playground.stdout, 'data')) as [Buffer]
  const pids = JSON.parse(said.toString()) as number[]
  expect(pids).toHaveLength(1)
  expect(pids.every(isAlive)).toBe(true)
  playground.kill('SIGKILL')
  await eventually(
    () => pids.filter(isAlive),
    (alive) => alive.length === 0,
  )
})

test('closing ends every process', async () => {
  const mounted = await mount()
  await mounted.railway.whenHealthy('staging')
  const pids = asking(mounted).pids()
  await mounted.close()
  expect(pids.filter(isAlive)).toEqual([])
})

test('a service whose program is not there is told by name, and the rest of the playground goes on', async () => {
  const mounted = await mount({ command: () => ({ file: '/nowhere/main.ts', args: [] }), pacing: { restartMs: 0, healthIntervalMs: 10 } })
  await expect(mounted.railway.whenHealthy('staging')).rejects.toThrow(
    'staging is not healthy: api: the process crashed before it was healthy',
  )
  await mounted.railway.whenHealthy('production')
  await mounted.close()
})
