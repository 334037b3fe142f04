import { expect, test, vi } from 'vitest'
import type { DeploymentStatus } from '#src/adapters/railway/railway.ts'
import { UserError } from '#src/kernel/errors.ts'
import { doublePlace } from '#test/support/railway-double.ts'
import { call, stage } from './support/stage.ts'

const two = '2222222'
const mutations = ['deploy', 'deployLatest', 'redeploy', 'restart', 'rollback', 'setReplicas']

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
  expect(report.actions?.map(({ label }) => label)).toEqual(['Logs', 'Roll back'])
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
  expect((await operations.show(id))?.sentence).toMatch(/^Deploying api to staging: waiting for a worker \(.+ so far\)\.$/)
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
  expect(report.sentence).toContain('but only 1 of 2 replicas runs')
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
  expect(scaled.report.sentence).toMatch(/^api was scaled in staging in .+: 3 of 3 replicas run\.$/)
  service.deployments = service.deployments.map((each) => ({ ...each, canRollback: true }))
  const back = await run({ kind: 'rollback', service, deployment: undefined })
  expect(back.row.status).toBe('succeeded')
  expect(back.report.title).toBe('Roll back api in staging')
})

test('what cannot be is refused before anything is asked of Railway', async () => {
  const { railway, operations, store } = await stage()
  const api = railway.add('api')
  const db = railway.add('db', { hasVolume: true, regions: { 'us-west2': 1 }, repo: undefined, image: 'postgres:18' })
  const wide = railway.add('wide', { regions: { 'us-west2': 2, 'europe-west4-drams3a': 40 } })
  const fresh = railway.add('fresh')
  fresh.deployments = []
  fresh.servingId = undefined
  const refusal = async (change: Parameters<typeof operations.plan>[0]) => {
    const error = await operations.plan(change, doublePlace).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(UserError)
    return (error as UserError).message
  }
  expect(await refusal({ kind: 'scale', service: api, replicas: 0, region: undefined })).toContain('from 1 to 50')
  expect(await refusal({ kind: 'scale', service: api, replicas: 51, region: undefined })).toContain('from 1 to 50')
  expect(await refusal({ kind: 'scale', service: api, replicas: 2, region: undefined })).toContain('set to 2 replicas already')
  expect(await refusal({ kind: 'scale', service: api, replicas: 3, region: 'mars' })).toContain('no region “mars”')
  expect(await refusal({ kind: 'scale', service: wide, replicas: 3, region: undefined })).toContain(
    'It runs in us-west2 and europe-west4-drams3a',
  )
  expect(await refusal({ kind: 'scale', service: wide, replicas: 11, region: 'us-west2' })).toContain('51 over all regions')
  expect(await refusal({ kind: 'scale', service: db, replicas: 2, region: undefined })).toContain('has a volume')
  railway.billingPlan = 'HOBBY'
  expect(await refusal({ kind: 'scale', service: api, replicas: 7, region: undefined })).toContain('HOBBY plan allows 6')
  expect(await refusal({ kind: 'deploy', service: db, commit: 'a'.repeat(40) })).toContain('a commit cannot be chosen')
  expect(await refusal({ kind: 'redeploy', service: fresh })).toContain('never deployed')
  expect(await refusal({ kind: 'restart', service: fresh })).toContain('nothing to restart')
  expect(await refusal({ kind: 'rollback', service: fresh, deployment: undefined })).toContain('no earlier deployment')
  expect(await refusal({ kind: 'restart', service: { id: 'gone', name: 'gone' } })).toContain('is not in staging')
  const [serving, older] = api.deployments
  railway.change(api, older!.id, { canRollback: false })
  expect(await refusal({ kind: 'rollback', service: api, deployment: undefined })).toContain('can be brought back')
  expect(await refusal({ kind: 'rollback', service: api, deployment: older })).toContain('cannot roll api back to 1111111')
  expect(await refusal({ kind: 'rollback', service: api, deployment: serving })).toContain('serves api in staging already')
  expect(await refusal({ kind: 'rollback', service: api, deployment: { ...serving!, id: db.deployments[0]!.id } })).toContain(
    'no deployment',
  )
  railway.change(api, serving!.id, { canRedeploy: false })
  expect(await refusal({ kind: 'redeploy', service: api })).toContain('cannot deploy')
  railway.script = []
  railway.deployByHand(api)
  expect(await refusal({ kind: 'deploy', service: api, commit: undefined })).toContain('is rolling out in staging already')
  railway.change(api, api.deployments[0]!.id, { status: 'TELEPORTING' as DeploymentStatus })
  expect(await refusal({ kind: 'deploy', service: api, commit: undefined })).toContain('TELEPORTING, which Helix does not know')
  expect(railway.calls.filter((each) => mutations.includes(each))).toEqual([])
  expect(await store.db.selectFrom('operations').select('id').execute()).toEqual([])
})

test('a plan changes nothing, and its digest holds exactly as long as the target is the same', async () => {
  const { railway, operations, locks } = await stage()
  const service = railway.add('api')
  const change = { kind: 'scale', service, replicas: 3, region: undefined } as const
  const first = await operations.plan(change, doublePlace)
  expect((await operations.plan(change, doublePlace)).digest).toBe(first.digest)
  expect((await operations.plan({ ...change, replicas: 4 }, doublePlace)).digest).not.toBe(first.digest)
  service.regions = { 'europe-west4-drams3a': 1 }
  expect((await operations.plan(change, doublePlace)).digest).not.toBe(first.digest)
  expect(first.sentence).toBe('Scale api in staging from 2 to 3 replicas.')
  expect(await locks()).toEqual([])
})

test('what a plan has seen differs whenever its digest does, and tells deployments of one version apart', async () => {
  const { railway, operations } = await stage()
  const service = railway.add('api')
  const see = async () => {
    const { digest, seen } = await operations.plan({ kind: 'restart', service }, doublePlace)
    return { digest, seen: Object.fromEntries(seen.map(({ label, value }) => [label, value])) }
  }
  const first = await see()
  expect(first.seen).toEqual({
    'What serves': expect.stringMatching(/^2222222 of \d{1,2} [A-Z][a-z]{2} \d\d:\d\d UTC \(deployment [0-9a-f]{8}\)$/),
    'Newest deployment': 'the one that serves',
    Replicas: '2 in europe-west4-drams3a',
  })
  railway.script = ['FAILED']
  const failed = railway.deployByHand(service, '2'.repeat(40))
  await vi.waitFor(() => expect(service.deployments[0]?.status).toBe('FAILED'))
  const second = await see()
  expect(second.seen['Newest deployment']).toContain(`2222222 of`)
  expect(second.seen['Newest deployment']).toContain(failed.id.slice(0, 8))
  service.regions = { 'europe-west4-drams3a': 2, 'us-west2': 1 }
  const third = await see()
  expect(third.seen.Replicas).toBe('2 in europe-west4-drams3a and 1 in us-west2')
  expect(new Set([first, second, third].map(({ digest }) => digest)).size).toBe(3)
})

test('a rollback between deployments of one version tells them apart', async () => {
  const { railway, operations } = await stage()
  const service = railway.add('api')
  const [serving, before] = service.deployments
  railway.change(service, before!.id, { commit: serving!.commit, message: serving!.message, canRollback: true })
  const { sentence, facts } = await operations.plan({ kind: 'rollback', service, deployment: undefined }, doublePlace)
  const called = (id: string) => `2222222 of \\d{1,2} [A-Z][a-z]{2} \\d\\d:\\d\\d UTC \\(deployment ${id.slice(0, 8)}\\)`
  expect(sentence).toMatch(
    new RegExp(`^Roll api in staging back to ${called(before!.id)}, image and variables, in place of ${called(serving!.id)}\\.$`),
  )
  const [from, to] = facts
  expect([from!.label, to!.label]).toEqual(['From', 'Back to'])
  expect(from!.value).toMatch(new RegExp(`^${called(serving!.id)}: Release 2$`))
  expect(to!.value).toMatch(new RegExp(`^${called(before!.id)}: Release 2$`))
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

test('a second change of the same service is told who is at it; another service is free', async () => {
  const { railway, operations, start, queued } = await stage()
  const [api, web] = [railway.add('api'), railway.add('web')]
  const plan = await operations.plan({ kind: 'restart', service: api }, doublePlace)
  await start({ kind: 'deploy', service: api, commit: undefined })
  const locked =
    /^api in staging is locked by Ada since \d\d:\d\d UTC .*: Deploy api to staging: the newest commit in place of 2222222\. Nothing was done/
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
