import { expect, test, vi } from 'vitest'
import type { DeploymentStatus } from '#src/adapters/railway/railway.ts'
import { UserError } from '#src/kernel/errors.ts'
import { doublePlace } from '#test/support/railway-double.ts'
import { stage } from './support/stage.ts'

const mutations = ['deploy', 'deployLatest', 'redeploy', 'restart', 'rollback', 'setReplicas']

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
  expect(await refusal({ kind: 'scale', service: api, replicas: 0, region: undefined })).toContain(
    '0 replicas cannot be: a service has from 1 to 50',
  )
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
