import { expect, test } from 'vitest'
import { createEnvironments } from '#src/environments/create-environments.ts'
import { createHealth } from '#src/health/create-health.ts'
import type { Probed } from '#src/probes/probe.ts'
import { place, railwayOf, stateOf, turnedClock } from '#test/environments/railway-of.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { deploymentWith, serviceWith } from './states.ts'

const found: Probed = {
  target: 'voice-processor',
  url: 'http://127.0.0.1:4103',
  state: 'failing',
  sentence: 'It did not answer in time.',
  trouble: 'no answer in time',
  down: [],
  latencyMs: 5_000,
  openOnly: false,
  failures: 2,
  at: new Date('2026-11-20T09:59:48Z'),
}

async function healthWith(
  probe: Partial<Probed>,
  serving = deploymentWith('SUCCESS', ['RUNNING'], { createdAt: new Date(0) }),
  at = place,
) {
  const { clock } = turnedClock()
  const service = serviceWith(serving, { domains: ['127.0.0.1:4103'] })
  const environments = createEnvironments({
    access: async () => railwayOf({ environment: async () => stateOf({ services: [service] }) }),
    clock,
    log: quietLog(),
  })
  const probed = { probes: { wanted: () => {}, last: () => [{ ...found, ...probe }] }, home: place.environment, clock }
  return (await createHealth({ environments, probed }).read(at)).services[0]!
}

test('what Railway says is running and whose probe fails is degraded, with the reason and its age', async () => {
  await expect(healthWith({})).resolves.toMatchObject({
    condition: 'degraded',
    reason: 'It runs, but its probe fails: It did not answer in time (probed 12 s ago).',
  })
})

test('a component that is down is named, beside what the replicas say', async () => {
  const degraded = { state: 'degraded', down: ['redis'] } as const
  await expect(healthWith(degraded)).resolves.toMatchObject({ reason: 'It runs, but redis is down for it (probed 12 s ago).' })
  const limping = deploymentWith('SUCCESS', ['RUNNING', 'CRASHED'], { createdAt: new Date(0), regions: { eu: 2 } })
  await expect(healthWith(degraded, limping)).resolves.toMatchObject({
    condition: 'degraded',
    reason: '1 of 2 replicas runs; one crashed; redis is down for it (probed 12 s ago).',
  })
})

test('one failure may be a blink, and changes nothing yet', async () => {
  const health = await healthWith({ failures: 1 })
  expect(health).toMatchObject({ condition: 'healthy', probe: { state: 'failing' } })
})

test('a probe that is well changes nothing and is shown', async () => {
  await expect(healthWith({ state: 'well', failures: 0 })).resolves.toMatchObject({ condition: 'healthy', probe: { state: 'well' } })
})

test.each<[string, Partial<Probed>]>([
  ['too old', { at: new Date('2026-11-20T09:54:00Z') }],
  ['of another service', { url: 'http://127.0.0.1:4104' }],
  ['of a service with that private name elsewhere', { url: 'http://voice-processor.railway.internal' }],
])('a probe that is %s counts for nothing', async (_, probe) => {
  const health = await healthWith(probe)
  expect(health).toMatchObject({ condition: 'healthy' })
  expect(health.probe).toBeUndefined()
})

test('what was seen before the newest deployment says nothing of it', async () => {
  const newer = deploymentWith('SUCCESS', ['RUNNING'], { createdAt: new Date('2026-11-20T09:59:50Z') })
  await expect(healthWith({}, newer)).resolves.toMatchObject({ condition: 'healthy' })
})

test('a service that is down stays down: the probe adds nothing', async () => {
  const down = deploymentWith('CRASHED', ['CRASHED'], { createdAt: new Date(0) })
  await expect(healthWith({}, down)).resolves.toMatchObject({ condition: 'down' })
})
