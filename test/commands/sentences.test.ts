import { describe, expect, test } from 'vitest'
import type { Health, ServiceHealth } from '#src/health/health.ts'
import type { Incidents } from '#src/incidents/incidents.ts'
import type { Call } from '#src/kernel/call.ts'
import { newestFailed } from '#src/kernel/newest-failed.ts'
import type { OpenOperation, Operations } from '#src/operations/operations.ts'
import type { PolicyStops } from '#src/policies/policies.ts'
import { deploymentWith, serviceWith } from '#test/health/states.ts'
import health from '../../commands/health.ts'
import services from '../../commands/services.ts'
import status from '../../commands/status.ts'

const now = new Date('2026-08-21T14:05:00Z')
const clock = { now: () => now, sleep: async () => {} }
const call = { place: { guild: 'g', project: 'p', environment: 'e' }, raw: {} } as unknown as Call
const all = { service: undefined, environment: undefined }
const goesOn = { stopped: async () => undefined } as unknown as PolicyStops
/** No incident, nothing that Discord refuses, and nothing stopped. */
const quiet = { incidents: { list: async () => [] } as unknown as Incidents, posts: { refused: async () => [] }, policyStops: goesOn }

function reading(...conditions: readonly ServiceHealth['condition'][]): Health {
  const services = conditions.map((condition, n): ServiceHealth => {
    const service = serviceWith(deploymentWith('SUCCESS', ['RUNNING']), { id: `s${n}`, name: `svc-${n + 1}` })
    return { service, condition, reason: 'Because.' }
  })
  return { read: async () => ({ environment: { id: 'e', name: 'production' }, readAt: now, services, stale: false, unmergedChanges: 0 }) }
}

describe('/health', () => {
  test.each([
    [[], 'There are no services in production.'],
    [['healthy'], 'All is well: 1 service in production.'],
    [['healthy', 'sleeping'], 'All is well: 2 services in production.'],
    [['down', 'healthy', 'healthy'], '1 service of 3 in production needs a look: svc-1.'],
    [['down', 'degraded', 'healthy'], '2 services of 3 in production need a look: svc-1 and svc-2.'],
    [['down', 'down', 'down', 'down'], '4 services of 4 in production need a look: svc-1, svc-2 and svc-3 and others.'],
  ] as const)('%o', async (conditions, sentence) => {
    expect((await health.run(all, { health: reading(...conditions), clock, call })).sentence).toBe(sentence)
  })
  test.each([
    ['healthy', 'svc-1 is healthy. Because.'],
    ['unknown', 'svc-1 is in an unknown state. Because.'],
  ] as const)('of one that is %s', async (condition, sentence) => {
    const service = { id: 's0', name: 'svc-1' }
    const report = await health.run({ ...all, service }, { health: reading(condition), clock, call })
    expect(report.sentence).toBe(sentence)
    expect(report.facts).toContainEqual({ label: 'Replicas', value: '1 of 1 runs' })
  })
})

describe('what the health cycle holds, and what one reading says', () => {
  const since = new Date('2026-08-21T14:01:00Z')
  const service = serviceWith(deploymentWith('SUCCESS', ['RUNNING']), { id: 's0', name: 'api' })
  const runs = { condition: 'healthy', reason: 'Its one replica runs.' } as const
  const crashed = { condition: 'down', reason: 'It crashed.' } as const
  const healthOf = (...services: readonly ServiceHealth[]): Health => ({
    read: async () => ({ environment: { id: 'e', name: 'production' }, readAt: now, services, stale: false, unmergedChanges: 0 }),
  })
  const ask = async (one: ServiceHealth) => {
    const given = {
      operations: { open: async () => [] } as unknown as Operations,
      components: { check: async () => [] },
      ...quiet,
      clock,
      call,
    }
    return {
      alone: await health.run({ ...all, service }, { health: healthOf(one), clock, call }),
      among: await health.run(all, { health: healthOf(one), clock, call }),
      status: await status.run({ environment: undefined }, { health: healthOf(one), ...given }),
    }
  }

  test('of one that is down: for how long, and that one good reading is no end of it', async () => {
    const { alone, among, status: glance } = await ask({ service, ...crashed, since, reads: runs })
    const why = 'It crashed. Right now it reads healthy, which counts once it has held for a while.'
    expect(alone.sentence).toBe(`api has been down for 4 min. ${why}`)
    expect(alone.facts).toContainEqual({ label: 'Since', value: '21 Aug 14:01 UTC, 4 min ago' })
    for (const report of [among, glance]) expect(report.table?.rows).toEqual([['api', 'down for 4 min', why]])
  })

  test('of one that is well: that one bad reading is looked at again', async () => {
    const { alone, among, status: glance } = await ask({ service, ...runs, since, reads: crashed })
    expect(alone.sentence).toBe('api is healthy. Its one replica runs. Right now it reads down, and is looked at again: It crashed.')
    const otherwise = 'The newest reading says otherwise of api: that is looked at again before it counts.'
    expect(among.sentence).toBe(`All is well: 1 service in production. ${otherwise}`)
    expect(glance.sentence).toBe(`production is well: 1 service, none in trouble. ${otherwise}`)
  })

  test('of one where both say the same, nothing more than since when', async () => {
    const { alone, status: glance } = await ask({ service, ...runs, since })
    expect(alone.sentence).toBe('api is healthy. Its one replica runs.')
    expect(glance.sentence).toBe('production is well: 1 service, none in trouble.')
  })
})

describe('newest deployments that failed while earlier ones serve', () => {
  const failing = (...names: readonly string[]) =>
    names.map((name) => serviceWith(deploymentWith('SUCCESS', ['RUNNING']), { name, latest: deploymentWith('FAILED', [], { id: 'new' }) }))
  test.each([
    [[], ''],
    [['api'], 'The newest deployment of api failed; an earlier one serves.'],
    [['api', 'web'], 'The newest deployments of api and web failed; earlier ones serve.'],
    [['a', 'b', 'c', 'd'], 'The newest deployments of 4 services failed; earlier ones serve.'],
  ] as const)('%o', (names, sentence) => {
    expect(newestFailed([serviceWith(deploymentWith('SUCCESS', ['RUNNING'])), ...failing(...names)])).toBe(sentence)
  })
  test('are told by /health and /status, which call the environment well', async () => {
    const [service] = failing('api')
    const read = async () => ({
      environment: { id: 'e', name: 'production' },
      ...{ readAt: now, stale: false, unmergedChanges: 0 },
      services: [{ service: service!, condition: 'healthy' as const, reason: 'It runs.' }],
    })
    const told = ' The newest deployment of api failed; an earlier one serves.'
    expect((await health.run(all, { health: { read }, clock, call })).sentence).toBe(`All is well: 1 service in production.${told}`)
    const operations = { open: async () => [] } as unknown as Operations
    const given = { health: { read }, operations, components: { check: async () => [] }, ...quiet, clock, call }
    expect((await status.run({ environment: undefined }, given)).sentence).toBe(`production is well: 1 service, none in trouble.${told}`)
  })
})

describe('/services', () => {
  test.each([
    [[], 'production has no services.'],
    [['healthy'], 'production has 1 service, and it is healthy.'],
    [['down'], 'production has 1 service, and it is not healthy.'],
    [['healthy', 'healthy'], 'production has 2 services; all of them are healthy.'],
    [['healthy', 'down'], 'production has 2 services; 1 of them is healthy.'],
    [['healthy', 'down', 'healthy'], 'production has 3 services; 2 of them are healthy.'],
    [['down', 'down'], 'production has 2 services; none of them is healthy.'],
  ] as const)('%o', async (conditions, sentence) => {
    const report = await services.run({ environment: undefined }, { health: reading(...conditions), clock, call })
    expect(report.sentence).toBe(sentence)
  })
})

describe('/status', () => {
  test('tells of incidents that are open, and of channels that Discord keeps Helix from', async () => {
    const incident = { number: 12, title: 'api is down', severity: 'critical', state: 'acknowledged', troubles: [] } as const
    const incidents = { list: async () => [incident] } as unknown as Incidents
    const refused = async () => [{ where: '#ops', what: 'message' as const, reason: 'Helix cannot see it.', times: 3, since: now }]
    const parts = { operations: { open: async () => [] } as unknown as Operations, components: { check: async () => [] } }
    const stopped = async () => ({ reason: 'Migration', byName: 'Ada', since: now })
    const policyStops = { stopped } as unknown as PolicyStops
    const report = await status.run(
      { environment: undefined },
      { health: reading('healthy'), ...parts, incidents, posts: { refused }, policyStops, clock, call },
    )
    expect(report.sentence).toBe(
      'production needs a look: 1 service, none in trouble, but incident 12, api is down (critical, acknowledged) is open. Healing and scaling are stopped by Ada. Helix cannot post in #ops.',
    )
    expect(report.facts).toContainEqual({ label: 'Incidents', value: '12: api is down (critical, acknowledged)' })
    expect(report.facts).toContainEqual({ label: 'Cannot post in #ops', value: 'Helix cannot see it. (3 times)' })
  })

  const operation = (kind: OpenOperation['kind'], status: OpenOperation['status']): OpenOperation => ({
    id: kind,
    kind,
    service: 'api',
    environment: 'production',
    status,
    by: 'Ada',
    since: new Date(now.getTime() - 47_000),
  })
  const say = async (conditions: readonly ServiceHealth['condition'][], open: readonly OpenOperation[]) => {
    const operations = { open: async () => open } as unknown as Operations
    const components = { check: async () => [] }
    return status.run({ environment: undefined }, { health: reading(...conditions), operations, components, ...quiet, clock, call })
  }
  test.each([
    [[], [], 'production is well: no services.'],
    [['healthy'], [], 'production is well: 1 service, none in trouble.'],
    [['unknown', 'down'], [], 'production needs a look: svc-1 is in an unknown state and svc-2 is down.'],
    [['healthy'], [operation('deploy', 'running')], 'production is well: 1 service, none in trouble. 1 operation is under way.'],
    [
      ['healthy'],
      [operation('deploy', 'running'), operation('scale', 'queued'), operation('restart', 'unknown')],
      'production is well: 1 service, none in trouble. 2 operations are under way. An admin has to say how the restart of api ended.',
    ],
  ] as const)('%o %o', async (conditions, open, sentence) => {
    expect((await say(conditions, open)).sentence).toBe(sentence)
  })
  test('an operation that nobody knows the end of is told as that', async () => {
    const { facts } = await say(['healthy'], [operation('restart', 'unknown')])
    expect(facts).toContainEqual({
      label: 'Under way',
      value: 'restart api (its outcome is not known: an admin has to say) by Ada, 47 s ago',
    })
  })
})
