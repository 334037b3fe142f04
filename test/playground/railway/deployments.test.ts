import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asking, isAlive } from './asking.ts'
import { eventually, type Mounted, mount, quick } from './mounted.ts'

describe('deployments are real processes', () => {
  let mounted: Mounted
  let api: ReturnType<typeof asking>

  beforeAll(async () => {
    mounted = await mount()
    await mounted.railway.whenHealthy('staging')
    api = asking(mounted)
  })
  afterAll(() => mounted.close())

  const live = async () => (await api.history()).find(({ status }) => status === 'SUCCESS')!

  test('a deploy goes live behind the edge, and what served before is drained and removed', async () => {
    const before = await live()
    const [oldPid] = api.pids()
    const id = await api.deploy()
    expect((await api.deployment(before.id)).status).toBe('SUCCESS')
    await api.until(id, 'SUCCESS')
    await api.until(before.id, 'REMOVED')
    const answer = JSON.parse(await api.visit()) as { pid: number }
    expect(answer.pid).not.toBe(oldPid)
    expect(api.pids()).toEqual([answer.pid])
    expect(isAlive(oldPid!)).toBe(false)
    expect((await api.deployment(before.id)).canRollback).toBe(true)
  })

  test('without a commit the current one is deployed again; latestCommit takes the newest', async () => {
    const older = api.service().commits[3].sha
    await api.until(await api.deploy(older), 'SUCCESS')
    const again = await api.deploy()
    expect((await api.until(again, 'SUCCESS')).meta.commitHash).toBe(older)
    await api.ok(`mutation ($serviceId: String!, $environmentId: String!) {
      serviceInstanceDeploy(serviceId: $serviceId, environmentId: $environmentId, latestCommit: true)
    }`)
    const [newest] = await api.history()
    expect(newest!.meta.commitHash).toBe(api.service().commits[0].sha)
    await api.until(newest!.id, 'SUCCESS')
  })

  test('a version that fails its health check is FAILED, and what served goes on', async () => {
    const before = await live()
    const pids = await eventually(api.pids, ({ length }) => length === 1)
    await api.update({ healthcheckTimeout: 1 })
    const id = await api.deploy(api.commit('fails-health-check'))
    await api.until(id, 'FAILED')
    expect((await api.deployment(before.id)).status).toBe('SUCCESS')
    expect(api.pids()).toEqual(pids)
    const { deploymentEvents, buildLogs } = await api.ok(
      `query ($id: String!) {
        deploymentEvents(id: $id) { edges { node { step completedAt payload { error } } } }
        buildLogs(deploymentId: $id) { severity message }
      }`,
      { id },
    )
    const check = deploymentEvents.edges.find(({ node }: { node: { step: string } }) => node.step === 'HEALTHCHECK').node
    expect(check.payload.error).toContain('did not answer 200 within 1 s (status code 503)')
    expect(buildLogs.at(-1)).toEqual({ severity: 'error', message: 'Healthcheck failed!' })
    await api.update({ healthcheckTimeout: 2 })
  })

  test('a rollback is a new deployment with the image and the variables of then, without a build', async () => {
    const target = await live()
    await api.ok(`mutation ($input: VariableUpsertInput!) { variableUpsert(input: $input) }`, {
      input: {
        projectId: mounted.railway.credentials().projectId,
        environmentId: api.environmentId,
        serviceId: api.serviceId,
        name: 'COLOUR',
        value: 'red',
      },
    })
    const [changed] = await api.history()
    await api.until(changed!.id, 'SUCCESS')
    await api.until(target.id, 'REMOVED')
    expect((JSON.parse(await api.visit('/env')) as { COLOUR?: string }).COLOUR).toBe('red')
    expect(await api.act('deploymentRollback', target.id)).toEqual({ deploymentRollback: true })
    const [rolledBack] = await api.history()
    expect(rolledBack!.id).not.toBe(target.id)
    await api.until(rolledBack!.id, 'SUCCESS')
    expect(rolledBack!.meta).toMatchObject({ reason: 'rollback', commitHash: target.meta.commitHash })
    expect(JSON.parse(await api.visit('/env'))).not.toHaveProperty('COLOUR')
  })

  test('a rollback to what serves, or to what never went live, is refused', async () => {
    const failed = (await api.history()).find(({ status }) => status === 'FAILED')!
    for (const { id } of [await live(), failed]) await expect(api.act('deploymentRollback', id)).rejects.toThrow('cannot be rolled back')
  })

  test('an image older than the plan keeps it cannot be rolled back to', async () => {
    const production = asking(mounted, 'production')
    const [recent, old] = await production.history()
    expect([recent!.canRollback, old!.canRollback]).toEqual([true, false])
    await expect(production.act('deploymentRollback', old!.id)).rejects.toThrow('cannot be rolled back')
  })

  test('a restart keeps the deployment and changes the process', async () => {
    const { id } = await live()
    const [oldPid] = api.pids()
    await api.act('deploymentRestart', id)
    expect((await api.deployment(id)).instances[0]!.status).toBe('RESTARTING')
    await api.untilRunning(id)
    expect(api.pids()).toHaveLength(1)
    expect(api.pids()).not.toContain(oldPid)
  })

  test('a redeploy uses the image again, without a build', async () => {
    const before = await live()
    const { deploymentRedeploy } = await api.ok(
      'mutation ($id: String!) { deploymentRedeploy(id: $id, usePreviousImageTag: true) { id status } }',
      { id: before.id },
    )
    await api.until(deploymentRedeploy.id, 'SUCCESS')
    const { buildLogs } = await api.ok('query ($id: String!) { buildLogs(deploymentId: $id) { message } }', { id: deploymentRedeploy.id })
    expect(buildLogs.map(({ message }: { message: string }) => message)).not.toContainEqual(expect.stringContaining('[build]'))
  })

  test('a stopped deployment is SUCCESS without processes; a restart brings it back', async () => {
    const { id } = await live()
    await api.act('deploymentStop', id)
    await eventually(api.pids, (pids) => pids.length === 0)
    expect(await api.deployment(id)).toMatchObject({ status: 'SUCCESS', deploymentStopped: true })
    expect((await fetch(api.url())).status).toBe(502)
    await api.act('deploymentRestart', id)
    await api.untilRunning(id)
  })

  test('a removed deployment ends its processes', async () => {
    const { id } = await live()
    const [pid] = api.pids()
    await api.act('deploymentRemove', id)
    await api.until(id, 'REMOVED')
    expect(isAlive(pid!)).toBe(false)
    await api.until(await api.deploy(), 'SUCCESS')
  })

  test('two deployments at once: the later one serves in the end, the other is removed', async () => {
    const [one, other] = [await api.deploy(), await api.deploy()]
    await api.until(other, 'SUCCESS')
    await api.until(one, 'REMOVED')
    expect(await eventually(api.pids, (pids) => pids.length === 1)).toHaveLength(1)
    expect(mounted.errors).toEqual([])
  })
})

test('only a deployment that is queued or building can be cancelled; it never starts', async () => {
  const mounted = await mount({ pacing: { ...quick, buildMs: 60_000 } })
  const api = asking(mounted)
  const id = await api.deploy()
  await api.until(id, 'BUILDING')
  await api.act('deploymentCancel', id)
  expect((await api.deployment(id)).status).toBe('REMOVED')
  await mounted.railway.whenHealthy('staging')
  const serving = (await api.history()).find(({ status }) => status === 'SUCCESS')!
  await expect(api.act('deploymentCancel', serving.id)).rejects.toThrow('cannot be cancelled')
  await mounted.close()
})
