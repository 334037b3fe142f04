import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Trouble } from '#src/incidents/incidents.ts'
import type { Call } from '#src/kernel/call.ts'
import { ada, type IncidentStage, omar, openStage, place } from '#test/incidents/stage.ts'
import status from '../../commands/status.ts'

let stage: IncidentStage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage.close())

/** All services are well, whatever incidents say. */
const said = () =>
  status.run({ environment: undefined as never }, {
    incidents: stage.one.incidents,
    clock: stage.clock,
    health: {
      read: async () => ({
        ...{ environment: { id: 'e', name: 'production' }, readAt: stage.clock.now(), stale: false, unmergedChanges: 0 },
        services: [{ service: { id: 's-api', name: 'api' }, condition: 'healthy', reason: '', health: 'healthy' }],
      }),
    },
    operations: { open: async () => [] },
    components: { check: async () => [] },
    posts: { refused: async () => [] },
    policyStops: { stopped: async () => undefined },
    call: { place, actor: omar, door: 'slash' } as unknown as Call,
  } as never)
const report = (more: Partial<Trouble> = {}) =>
  stage.one.incidents.report(stage.trouble({ title: 'A monitor fires for api', fingerprint: `m-${more.group ?? ''}`, ...more }))

test('is well where no incident is open, or one that is only worth knowing', async () => {
  expect(await said()).toMatchObject({ tone: 'good', sentence: 'production is well: 1 service, none in trouble.' })
  await report({ severity: 'info' })
  expect(await said()).toMatchObject({
    tone: 'good',
    sentence: 'production is well: 1 service, none in trouble. Incident 1, A monitor fires for api (info, not acknowledged) is open.',
  })
})

test('is as bad as the worst incident that is open, which is named', async () => {
  const { incident } = await report()
  await report({ severity: 'warning', group: 'other' })
  expect(await said()).toMatchObject({
    tone: 'bad',
    sentence:
      'production needs a look: 1 service, none in trouble, but 2 incidents are open, the worst is 1, A monitor fires for api (critical, not acknowledged).',
  })
  await stage.one.incidents.resolve(incident.id, ada, '')
  expect(await said()).toMatchObject({
    tone: 'warning',
    sentence:
      'production needs a look: 1 service, none in trouble, but incident 2, A monitor fires for api (warning, not acknowledged) is open.',
  })
})
