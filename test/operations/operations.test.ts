import { expect, test, vi } from 'vitest'
import type { DeploymentStatus } from '#src/adapters/railway/railway.ts'
import { UserError } from '#src/kernel/errors.ts'
import { doublePlace } from '#test/support/railway-double.ts'
import { call, stage } from './support/stage.ts'

const two = '2222222'

test('a deploy is followed to replicas that run, and every step is told', async () => {
  const { railway, run, locks, store, settled } = await stage()
  const service = railway.add('api')
  const { row, report, id } = await run({ kind: 'deploy', service, commit: undefined })
  expect(row.status).toBe('succeeded')
  expect(report).toMatchObject({ title: 'Deploy api to staging', tone: 'good', operation: id })
  expect(report.sentence).toMatch(/^api was deployed to staging in .+: 3333333 is live and 2 of 2 replicas run\.$/)
  const rows = report.table?.rows.map(([step, state]) => `${step} ${state}`)
  expect(rows).toEqual(expect.arrayContaining(['Check ✓ done', 'Ask Railway ✓ done', 'Roll out ✓ done', 'Verify ✓ done']))
  expect(report.facts).toEqual(
    expect.arrayContaining([
      { label: 'Asked by', value: 'Ada' },
      { label: 'From', value: `${two} (Release 2)` },
    ]),
  )
  expect(report.actions?.map(({ label }) => label)).toEqual(['Logs', 'Health', 'Roll back'])
  expect(await locks()).toEqual([])
  expect(settled.map(({ status }) => status)).toEqual(['succeeded'])
  const told = await store.db.selectFrom('audit').select(['event', 'actor', 'operation']).orderBy('id').execute()
  expect(told.map(({ event }) => event)).toEqual([
    'started',
    'taken',
    'step',
    'step',
    'step',
    'step',
    'step',
    'step',
    'step',
    'step',
    'finished',
  ])
  expect(told.every((each) => each.actor === 'member:7' && each.operation === id)).toBe(true)
})

test('each phase of a rollout is told while it lasts, and stands in the table after it', async () => {
  const { railway, start, perform, operations } = await stage()
  const service = railway.add('api')
  railway.script = []
  const id = await start({ kind: 'deploy', service, commit: 'a'.repeat(40) })
  expect((await operations.show(id))?.sentence).toMatch(/^Deploying api to staging: waiting for a worker( \(\d+ s so far\))?\.$/)
  const done = perform(id)
  for (const [status, words] of [
    ['INITIALIZING', 'Railway is getting ready'],
    ['NEEDS_APPROVAL', 'waits for an approval'],
    ['BUILDING', 'Railway is building it'],
    ['DEPLOYING', 'waits until it is healthy'],
  ] as const) {
    if (status !== 'INITIALIZING') railway.change(service, service.deployments[0]!.id, { status })
    await vi.waitFor(async () => expect((await operations.show(id))?.sentence).toContain(words), { timeout: 5_000, interval: 10 })
  }
  const instances = ['a', 'b'].map((each) => ({ id: each, status: 'RUNNING' }))
  railway.change(service, service.deployments[0]!.id, { status: 'SUCCESS', instances })
  await done
  const report = (await operations.show(id))!
  expect(report.table?.rows.map(([step, state]) => `${step} ${state}`)).toEqual(
    ['Check', 'Ask Railway', 'Prepare', 'Wait for approval', 'Build', 'Start', 'Roll out', 'Verify'].map((step) => `${step} ✓ done`),
  )
})

test('a deploy of a commit asks for exactly that one', async () => {
  const { railway, run } = await stage()
  const service = railway.add('api')
  const { row } = await run({ kind: 'deploy', service, commit: 'a'.repeat(40) })
  expect(row.status).toBe('succeeded')
  expect(service.deployments[0]?.commit).toBe('a'.repeat(40))
})

test('a deploy that fails says why, shows the last errors masked, and what serves now', async () => {
  const { railway, run, locks } = await stage()
  const service = railway.add('api')
  railway.script = ['BUILDING', 'DEPLOYING', 'FAILED']
  service.logs = [
    { at: new Date(), severity: 'info', message: 'hello', instanceId: undefined },
    { at: new Date(), severity: 'error', message: 'cannot reach postgres://u:hunter2@db', instanceId: undefined },
  ]
  const { row, report } = await run({ kind: 'deploy', service, commit: undefined })
  expect(row.status).toBe('failed')
  expect(report.tone).toBe('bad')
  expect(report.sentence).toBe(
    'api was not deployed to staging: the deployment failed. Health check: it answered 503. 2222222 serves as before.',
  )
  const facts = Object.fromEntries((report.facts ?? []).map(({ label, value }) => [label, value]))
  expect(facts).not.toHaveProperty('Why')
  expect(facts['Last lines of the log']).toMatch(/^cannot reach postgres:\/\/u:•+@db$/)
  expect(await locks()).toEqual([])
})

test('reasons that the sentence does not tell whole stand below it', async () => {
  const { railway, run } = await stage()
  railway.script = ['FAILED']
  railway.failureLines = ['Build: exit code 1', 'Health check: it answered 503']
  const { report } = await run({ kind: 'deploy', service: railway.add('api'), commit: undefined })
  expect(report.sentence).toContain(' Build: exit code 1. ')
  expect(report.facts).toContainEqual({ label: 'Why', value: 'Build: exit code 1\nHealth check: it answered 503' })
})

test('a deployment that reads SUCCESS while a replica does not run has failed', async () => {
  const { railway, run } = await stage()
  const service = railway.add('api')
  railway.running = () => 1
  const { row, report } = await run({ kind: 'deploy', service, commit: undefined })
  expect(row.status).toBe('failed')
  expect(report.sentence).toContain('but only 1 of 2 replicas runs (Railway says: success)')
})

test('a deployment that reads SUCCESS while nothing of it runs has failed', async () => {
  const { railway, run } = await stage()
  railway.running = () => 0
  const one = await run({ kind: 'deploy', service: railway.add('api', { regions: { 'us-west2': 1 } }), commit: undefined })
  expect(one.report.sentence).toContain('but its one replica does not run (Railway says: success)')
  const two = await run({ kind: 'deploy', service: railway.add('web'), commit: undefined })
  expect(two.report.sentence).toContain('but none of its 2 replicas runs (Railway says: success)')
})

test.each(['SKIPPED', 'REMOVED', 'CRASHED'] as DeploymentStatus[])('a deployment that ends %s has failed', async (status) => {
  const { railway, run } = await stage()
  railway.script = ['BUILDING', status]
  const { row, report } = await run({ kind: 'deploy', service: railway.add('api'), commit: undefined })
  expect([row.status, report.tone]).toEqual(['failed', 'bad'])
})

test('redeploy, restart, rollback and scale come to their verdict', async () => {
  const { railway, run } = await stage()
  const service = railway.add('api')
  const before = service.servingId
  expect((await run({ kind: 'restart', service })).row.status).toBe('succeeded')
  expect(service.servingId).toBe(before)
  const redeployed = await run({ kind: 'redeploy', service })
  expect(redeployed.row.status).toBe('succeeded')
  const scaled = await run({ kind: 'scale', service, replicas: 3, region: undefined })
  expect(scaled.report.actions?.at(-1)).toEqual({
    label: 'Scale back to 2',
    command: 'scale',
    arguments: { service: 'api', environment: 'staging', replicas: 2, region: 'europe-west4-drams3a' },
  })
  expect(scaled.report.sentence).toMatch(/^api was scaled in staging in .+: 3 of 3 replicas run\.$/)
  service.deployments = service.deployments.map((each) => ({ ...each, canRollback: true }))
  const back = await run({ kind: 'rollback', service, deployment: undefined })
  expect(back.row.status).toBe('succeeded')
  expect(back.report.title).toBe('Roll back api in staging')
})

test('what was changed between the plan and the worker is left alone', async () => {
  const { railway, start, perform, rowOf, locks } = await stage()
  const service = railway.add('api')
  const id = await start({ kind: 'scale', service, replicas: 4, region: undefined })
  service.regions = { 'europe-west4-drams3a': 3 }
  await perform(id)
  const row = await rowOf(id)
  expect([row.status, row.verdict?.sentence]).toEqual([
    'failed',
    'api was changed by somebody else after this was planned, so nothing was done. It would now be: Scale api in staging from 3 to 4 replicas. Look at it and ask again.',
  ])
  expect(railway.calls).not.toContain('setReplicas')
  expect(await locks()).toEqual([])
})

test('whoever asks for a service whose deployment is under way is told who holds it, since when and why, and not what Railway shows of it', async () => {
  const { railway, start, operations, perform, locks } = await stage()
  const api = railway.add('api')
  const rolled = Promise.withResolvers<void>()
  railway.hold = { at: 'DEPLOYING', until: rolled.promise }
  const id = await start({ kind: 'deploy', service: api, commit: 'b'.repeat(40) })
  const done = perform(id)
  await vi.waitFor(() => expect(api.deployments[0]).toMatchObject({ commit: 'b'.repeat(40), status: 'DEPLOYING' }), {
    timeout: 10_000,
    interval: 10,
  })
  const restart = { kind: 'restart', service: { id: api.id, name: api.name } } as const
  await expect(operations.plan(restart, doublePlace)).rejects.toThrow(
    /^api in staging has been locked by Ada since \d\d:\d\d UTC \(.*\): Deploy api to staging: .*\. Nothing was done: try again when that is over\.$/,
  )
  rolled.resolve()
  await done
  expect(await locks()).toEqual([])
})

test('a second change of the same service is told who is at it; another service is free', async () => {
  const { railway, operations, start, queued } = await stage()
  const [api, web] = [railway.add('api'), railway.add('web')]
  const plan = await operations.plan({ kind: 'restart', service: api }, doublePlace)
  await start({ kind: 'deploy', service: api, commit: undefined })
  const locked =
    /^api in staging has been locked by Ada since \d\d:\d\d UTC .*: Deploy api to staging: the newest commit in place of 2222222\. Nothing was done/
  await expect(operations.plan({ kind: 'restart', service: api }, doublePlace)).rejects.toThrow(locked)
  await expect(operations.start(plan, call(plan.change))).rejects.toThrow(locked)
  await start({ kind: 'restart', service: web })
  expect(queued).toHaveLength(2)
  expect((await operations.open(doublePlace)).map(({ kind, service, status, by }) => [kind, service, status, by])).toEqual([
    ['deploy', 'api', 'queued', 'Ada'],
    ['restart', 'web', 'queued', 'Ada'],
  ])
})

test('of many calls at the same moment one starts', async () => {
  const { railway, operations, locks } = await stage()
  const service = railway.add('api')
  const plan = await operations.plan({ kind: 'restart', service }, doublePlace)
  const started = await Promise.allSettled(Array.from({ length: 6 }, () => operations.start(plan, call(plan.change))))
  expect(started.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const each of started) if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(UserError)
  expect(await locks()).toHaveLength(1)
})

test('the same call again is the same operation', async () => {
  const { railway, operations, queued } = await stage()
  const plan = await operations.plan({ kind: 'restart', service: railway.add('api') }, doublePlace)
  const same = call(plan.change)
  const first = await operations.start(plan, same)
  expect((await operations.start(plan, same)).operation).toBe(first.operation)
  expect(queued).toHaveLength(1)
})

test('a restart whose processes keep their ids is seen by their states on the way', async () => {
  const { railway, start, perform, rowOf } = await stage()
  const service = railway.add('api')
  const [first] = service.deployments
  const as = (status: string) => railway.change(service, first!.id, { instances: first!.instances.map(({ id }) => ({ id, status })) })
  railway.restart = async () => {
    as('RESTARTING')
    setTimeout(() => as('RUNNING'), 100)
  }
  const id = await start({ kind: 'restart', service })
  await perform(id)
  expect((await rowOf(id)).status).toBe('succeeded')
})

test('a restart of what crashed is waited for, though Railway goes on calling it crashed for a moment', async () => {
  const { railway, start, perform, rowOf } = await stage()
  const service = railway.add('api')
  const { id: deployment, instances } = service.deployments[0]!
  railway.change(service, deployment, { status: 'CRASHED', instances: instances.map(({ id }) => ({ id, status: 'CRASHED' })) })
  let looks = 0
  railway.restart = async () => {
    railway.before = async (method) => {
      if (method === 'deployment') looks += 1
      if (looks === 3) railway.change(service, deployment, { status: 'SUCCESS', instances })
    }
  }
  const id = await start({ kind: 'restart', service })
  await perform(id)
  expect((await rowOf(id)).status).toBe('succeeded')
})
