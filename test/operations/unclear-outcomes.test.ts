import { expect, test, vi } from 'vitest'
import type { UserError } from '#src/kernel/errors.ts'
import { doublePlace, railwayFault } from '#test/support/railway-double.ts'
import { stage } from './support/stage.ts'

const mutations = ['deploy', 'deployLatest', 'redeploy', 'restart', 'rollback', 'setReplicas']

test('a mutation that Railway refuses has failed, with the reason, and nothing was changed', async () => {
  const { railway, run, locks } = await stage()
  const service = railway.add('api')
  railway.before = async (method) => {
    if (method === 'deployLatest')
      throw railwayFault('Railway refused: You have run out of credits.', { outcome: 'refused', traceId: 't1' })
  }
  const { row, report } = await run({ kind: 'deploy', service, commit: undefined })
  expect(row.status).toBe('failed')
  expect(report.sentence).toBe('Railway refused: You have run out of credits. api was left as it was.')
  expect(report.facts).toContainEqual({ label: 'Trace', value: 't1' })
  expect(await locks()).toEqual([])
})

test('a deploy that happened though its answer was lost is adopted, and made once', async () => {
  const { railway, run } = await stage()
  const service = railway.add('api')
  railway.after = async (method) => {
    if (method === 'deployLatest') throw railwayFault('Railway did not answer within 15 s.')
  }
  const { row, report } = await run({ kind: 'deploy', service, commit: undefined })
  expect(row.status).toBe('succeeded')
  expect(report.sentence).toContain('3333333 is live')
  expect(railway.calls.filter((each) => each === 'deployLatest')).toHaveLength(1)
})

test.each(['restart', 'scale'] as const)('a %s that happened though its answer was lost is seen in the state', async (kind) => {
  const { railway, run } = await stage()
  const service = railway.add('api')
  railway.after = async (method) => {
    if (mutations.includes(method)) throw railwayFault('Railway answered with something that is not data (HTTP 502).')
  }
  const { row } = await run(kind === 'scale' ? { kind, service, replicas: 3, region: undefined } : { kind, service })
  expect(row.status).toBe('succeeded')
})

test.each(['deploy', 'redeploy', 'restart', 'rollback', 'scale'] as const)(
  'a %s that may not have happened is not repeated: it ends unknown, keeps its lock, and an admin settles it',
  async (kind) => {
    const { railway, run, locks, operations, settled, rowOf } = await stage()
    const service = railway.add('api')
    railway.before = async (method) => {
      if (mutations.includes(method)) throw railwayFault('The connection to Railway was lost before it answered.')
    }
    const more = { commit: undefined, deployment: undefined, replicas: 3, region: undefined }
    const { row, report, id } = await run({ kind, service, ...more } as Parameters<typeof run>[0])
    expect(row.status).toBe('unknown')
    expect(report.tone).toBe('warning')
    expect(report.sentence).toContain('The connection to Railway was lost before it answered. Nothing in Railway shows that it happened.')
    expect(report.actions?.slice(0, 2)).toEqual([
      { label: 'It happened', command: 'operation.settle', arguments: { operation: id, outcome: 'happened' } },
      { label: 'It did not happen', command: 'operation.settle', arguments: { operation: id, outcome: 'did-not-happen' } },
    ])
    expect(railway.calls.filter((each) => mutations.includes(each))).toHaveLength(1)
    expect(await locks()).toHaveLength(1)
    const refusal = await operations.plan({ kind: 'restart', service }, doublePlace).catch((error: UserError) => error)
    expect((refusal as UserError).actions.map(({ label }) => label)).toEqual(['It happened', 'It did not happen'])

    const admin = { kind: 'member', id: '9', name: 'Grace' } as const
    const settledReport = await operations.settle(id, 'did-not-happen', admin)
    expect(settledReport.sentence).toMatch(/^Grace says that it did not happen: .* api is free again\.$/)
    expect(await locks()).toEqual([])
    expect((await rowOf(id)).status).toBe('failed')
    expect(settled.map(({ status }) => status)).toEqual(['unknown', 'failed'])
    await expect(operations.settle(id, 'happened', admin)).rejects.toThrow('asks nobody (any more)')
    await expect(operations.settle('nonsense', 'happened', admin)).rejects.toThrow('no such operation')
  },
)

test('a deploy made in the dashboard at the same moment is not mistaken for ours', async () => {
  const { railway, run } = await stage()
  const service = railway.add('api')
  const mine = 'b'.repeat(40)
  railway.after = async (method) => {
    if (method !== 'deploy') return
    railway.deployByHand(service)
    throw railwayFault('Railway did not answer within 15 s.')
  }
  const { row, report } = await run({ kind: 'deploy', service, commit: mine })
  // The dashboard's deployment is newer and took ours away, or not: followed is ours, by its commit.
  expect(report.facts).toContainEqual({ label: 'Deployment', value: service.deployments.find(({ commit }) => commit === mine)!.id })
  expect(['succeeded', 'failed']).toContain(row.status)
})

test('two new deployments that may both be ours are a person’s to tell apart', async () => {
  const { railway, run } = await stage()
  const service = railway.add('api')
  railway.after = async (method) => {
    if (method !== 'deployLatest') return
    railway.deployByHand(service)
    throw railwayFault('Railway did not answer within 15 s.')
  }
  const { row, report } = await run({ kind: 'deploy', service, commit: undefined })
  expect(row.status).toBe('unknown')
  expect(report.sentence).toContain('2 new deployments appeared')
  expect(report.facts?.filter(({ label }) => label.startsWith('New deployment'))).toHaveLength(2)
})

test('Railway away while a deployment is followed is waited out, and said', async () => {
  const { railway, start, perform, rowOf, operations } = await stage()
  const service = railway.add('api')
  const id = await start({ kind: 'deploy', service, commit: undefined })
  let away = false
  const building = Promise.withResolvers<void>()
  railway.hold = { at: 'BUILDING', until: building.promise }
  railway.before = async (method) => {
    if (away && method !== 'deployLatest') throw railwayFault('Railway answered with something that is not data (HTTP 502).')
  }
  const done = perform(id)
  await vi.waitFor(async () => expect((await operations.show(id))?.sentence).toContain('building'), 5_000)
  away = true
  await vi.waitFor(async () => expect((await operations.show(id))?.sentence).toContain('Railway cannot be reached at the moment'), 5_000)
  away = false
  building.resolve()
  await done
  expect((await rowOf(id)).status).toBe('succeeded')
})

test('Railway away before the mutation: failed, and nothing was changed', async () => {
  const { railway, start, perform, rowOf } = await stage()
  const id = await start({ kind: 'deploy', service: railway.add('api'), commit: undefined })
  railway.before = async () => {
    throw railwayFault('Railway did not answer within 15 s.')
  }
  await perform(id)
  const row = await rowOf(id)
  expect([row.status, row.verdict?.sentence]).toEqual(['failed', 'Railway did not answer within 15 s. api was left as it was.'])
})
