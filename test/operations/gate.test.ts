import { expect, test } from 'vitest'
import { createAudit } from '#src/audit/audit.ts'
import type { ConsciousnessReading } from '#src/consciousness/consciousness.ts'
import { createGates } from '#src/gates/create-gates.ts'
import type { Gates } from '#src/gates/gates.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { doublePlace } from '#test/support/railway-double.ts'
import { call, stage } from './support/stage.ts'

const low: ConsciousnessReading = {
  ...{ source: 'kael', channel: 'consciousness:stream', level: 2, metrics: { harmony: 2 }, scale: '0-10' },
  ...{ at: new Date(), clockOffMs: undefined, computed: false },
}

async function gated() {
  const late: { gates?: Gates } = {}
  const parts = await stage({ gate: (operation) => late.gates!.pass(operation) })
  const { store, railway } = parts
  late.gates = createGates({
    store,
    audit: createAudit({ store }),
    consciousness: { now: () => low, look: async () => {} },
    clock: systemClock(),
  })
  const service = railway.add('api')
  return { ...parts, service, gates: late.gates }
}

test('an operation that may not begin any more ends before anything is asked of Railway, and frees its lock', async () => {
  const { run, service, locks, railway } = await gated()
  const before = (
    await railway.deployments({ serviceId: service.id, environmentId: doublePlace.environment, projectId: doublePlace.project, first: 9 })
  ).length
  const { row, report } = await run({ kind: 'deploy', service, commit: undefined })
  expect(row.status).toBe('failed')
  expect(report.sentence).toMatch(
    /^The gate of staging is shut for api: the level is 2 and must be 6; the harmony is 2 and must be 6\.5\. So says kael, \d+ s ago\. That is so since this was asked for, and nothing was done\.$/,
  )
  expect(await locks()).toEqual([])
  const after = await railway.deployments({
    serviceId: service.id,
    environmentId: doublePlace.environment,
    projectId: doublePlace.project,
    first: 9,
  })
  expect(after).toHaveLength(before)
})

test('an override carries one operation through, and no second one', async () => {
  const { run, service, gates } = await gated()
  const change = { kind: 'deploy', service, commit: undefined } as const
  await gates.override(call(change), { service, reason: 'hotfix', forMs: 600_000 })
  expect((await run(change)).row.status).toBe('succeeded')
  expect((await run(change)).row.status).toBe('failed')
})

test('a rollback goes through', async () => {
  const { run, service } = await gated()
  expect((await run({ kind: 'rollback', service, deployment: undefined })).row.status).toBe('succeeded')
})
