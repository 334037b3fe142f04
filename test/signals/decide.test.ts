import { describe, expect, test } from 'vitest'
import type { ServiceState } from '#src/adapters/railway/railway.ts'
import { createAssess } from '#src/health/assess.ts'
import { type Decided, decide, type Found } from '#src/signals/decide.ts'
import { paceOf } from '#src/signals/pace.ts'
import { place } from '#test/environments/railway-of.ts'
import { deploymentWith, serviceWith } from '#test/health/states.ts'

const pace = paceOf(60_000)
const assess = createAssess()
const started = Date.parse('2026-11-20T12:00:00Z')

/** Looks at these services at so many seconds, one after the other. */
function looks(each: readonly (readonly [atSeconds: number, services: readonly ServiceState[], open?: Found['open']])[]) {
  const decided: Decided[] = []
  for (const [at, services, open = []] of each) {
    const found = { place, environment: { id: 'environment-1', name: 'production' }, open, at: new Date(started + at * 1_000) }
    const assessed = services.map((service) => assess(service, 'environment-1'))
    decided.push(decide({ ...found, services: assessed }, decided.at(-1)?.remembered, pace))
  }
  const last = decided.at(-1)!
  return {
    last,
    turned: decided.flatMap(({ turned }) => turned.map(({ service, from, to, reason }) => `${service.name}: ${from} → ${to}. ${reason}`)),
    held: decided.map(({ signals }) => signals.services.map(({ condition }) => condition).join()),
  }
}

const well = serviceWith(deploymentWith('SUCCESS', ['RUNNING']))
const dead = serviceWith(deploymentWith('SUCCESS', ['CRASHED']))

describe('what one look tells of a service', () => {
  const { signals } = looks([
    [
      0,
      [
        serviceWith(deploymentWith('SUCCESS', ['RUNNING', 'RUNNING'], { regions: { eu: 3 } }), {
          usage: { CPU_USAGE: 0.5, CPU_LIMIT: 2, MEMORY_USAGE_GB: 0.25, MEMORY_LIMIT_GB: 0 },
          disk: { used: 1.5, size: 5 },
          http: { until: new Date(), seconds: 120, requests: 240, errors: 60, p50Ms: 12, p95Ms: 80 },
        }),
        serviceWith(undefined, { id: 'service-2', name: 'new' }),
      ],
    ],
  ]).last

  test('is everything that decisions are made from', () => {
    expect(signals).toMatchObject({ place, environment: 'production', stale: false, at: new Date(started) })
    expect(signals.services[0]).toEqual({
      service: { id: 'service-1', name: 'api' },
      condition: 'unknown',
      reason: 'It is not known yet how it is.',
      since: new Date(started),
      replicas: { running: 2, wanted: 3 },
      serving: expect.objectContaining({ id: 'deployment-1', status: 'SUCCESS' }),
      latest: expect.objectContaining({ id: 'deployment-1' }),
      cpu: { used: 0.5, limit: 2 },
      memory: { used: 0.25, limit: undefined },
      disk: { used: 1.5, limit: 5 },
      http: { requestsPerSecond: 2, errorRate: 0.25, p50Ms: 12, p95Ms: 80 },
    })
    expect(signals.services[0]?.serving).not.toHaveProperty('instances')
  })

  test('and where nothing is measured, that', () => {
    const { cpu, memory, disk, http, serving, condition } = signals.services[1]!
    expect({ cpu, memory, disk, http, serving, condition }).toEqual({ condition: 'stopped' })
  })
})

test('a service that was killed is told of after the second look, with what serves', () => {
  const { last, turned } = looks([[0, [well]], [60, [dead]], [61, [dead]]]) // biome-ignore format: a story
  expect(turned).toEqual(['api: healthy → down. Its one replica does not run; it crashed.'])
  expect(last.turned[0]).toMatchObject({
    place,
    environment: 'production',
    since: new Date(started + 60_000),
    serving: { id: 'deployment-1' },
  })
})

test('a service that Railway gave up is told of after the first look, and one that it starts again is not', () => {
  const givenUp = serviceWith(deploymentWith('CRASHED', ['CRASHED']))
  expect(looks([[0, [well]], [60, [givenUp]]]).turned).toEqual(['api: healthy → down. Its deployment crashed: no replica runs.']) // biome-ignore format: a story
  const neverUp = serviceWith(undefined, { latest: deploymentWith('FAILED', []) })
  expect(looks([[0, [well]], [60, [neverUp]]]).turned).toEqual(['api: healthy → down. Its newest deployment failed, and nothing else serves.']) // biome-ignore format: a story
  const comesBack = serviceWith(deploymentWith('SUCCESS', ['RESTARTING']))
  expect(looks([[0, [well]], [60, [dead]], [60.8, [comesBack]], [61.6, [comesBack]], [62.4, [well]]]).turned).toEqual([]) // biome-ignore format: a story
})

test('what is held to be down and was well when it was read last is known to ease', () => {
  const easing = (each: Parameters<typeof looks>[0]) => looks(each).last.signals.services.map((one) => [one.condition, one.easing])
  expect(easing([[0, [well]], [60, [dead]], [61, [dead]]])).toEqual([['down', undefined]]) // biome-ignore format: a story
  expect(easing([[0, [well]], [60, [dead]], [61, [dead]], [70, [well]]])).toEqual([['down', true]]) // biome-ignore format: a story
  expect(easing([[0, [well]]])).toEqual([['healthy', undefined]])
})

test('while a change of ours is under way nothing is wrong with it, until that is over', () => {
  const restarting = (status: 'running' | 'queued' = 'running') => [
    { kind: 'restart', service: 'api', status, since: new Date(started + 50_000) } as const,
  ]
  const { held, turned } = looks([[0, [well]], [60, [dead], restarting()], [61, [dead], restarting()], [120, [well]]]) // biome-ignore format: a story
  expect(held).toEqual(['healthy', 'deploying', 'deploying', 'healthy'])
  expect(turned).toEqual([
    'api: healthy → deploying. Its one replica does not run; it crashed; a restart is under way.',
    'api: deploying → healthy. Its one replica runs.',
  ])
  const late = 50 + 20 * 60
  expect(looks([[0, [well]], [late + 5, [dead], restarting()], [late + 6, [dead], restarting()]]).held.at(-1)).toBe('down') // biome-ignore format: a story
  expect(looks([[0, [well]], [60, [dead], restarting('queued')], [61, [dead]]]).held.at(-1)).toBe('down') // biome-ignore format: a story
})

test('a rollout under way covers what it breaks as long as something serves, or its time is not over', () => {
  const latest = deploymentWith('DEPLOYING', [], { id: 'deployment-2', createdAt: new Date(started) })
  const limping = serviceWith(deploymentWith('SUCCESS', ['RUNNING', 'CRASHED'], { regions: { eu: 2 } }), { latest })
  const fallen = serviceWith(deploymentWith('CRASHED', ['CRASHED']), { latest })
  expect(looks([[0, [well]], [60, [limping]], [3_600, [limping]], [3_601, [limping]]]).held.at(-1)).toBe('deploying') // biome-ignore format: a story
  expect(looks([[0, [well]], [60, [fallen]], [61, [fallen]]]).held.at(-1)).toBe('deploying') // biome-ignore format: a story
  expect(looks([[0, [well]], [1_260, [fallen]], [1_261, [fallen]]]).held.at(-1)).toBe('down') // biome-ignore format: a story
  const waiting = { ...fallen, latest: { ...latest, status: 'NEEDS_APPROVAL' as const } }
  expect(looks([[0, [well]], [60, [waiting]], [61, [waiting]]]).held.at(-1)).toBe('down') // biome-ignore format: a story
})

test('what was only beginning to turn before a time without readings begins again', () => {
  expect(looks([[0, [well]], [60, [dead]], [600, [dead]]]).turned).toEqual([]) // biome-ignore format: a story
  expect(looks([[0, [well]], [60, [dead]], [600, [dead]], [601, [dead]]]).turned).toHaveLength(1) // biome-ignore format: a story
})

test('a service that is taken away is stopped, once, and forgotten', () => {
  const { turned, last } = looks([[0, [well]], [60, []], [61, []], [120, []]]) // biome-ignore format: a story
  expect(turned).toEqual(['api: healthy → stopped. It is no longer in this environment.'])
  expect(last.remembered.services.size).toBe(0)
  expect(looks([[0, [well]], [60, []], [61, [well]]]).turned).toEqual([]) // biome-ignore format: a story
})

test('500 services are decided on in milliseconds', () => {
  const many = Array.from({ length: 500 }, (_, n) =>
    assess(serviceWith(deploymentWith('SUCCESS', ['RUNNING']), { id: `service-${n}`, name: `service ${n}` }), 'environment-1'),
  )
  const found = { place, environment: { id: 'environment-1', name: 'production' }, services: many, open: [] }
  let remembered = decide({ ...found, at: new Date(started) }, undefined, pace).remembered
  const begun = process.cpuUsage()
  for (let cycle = 1; cycle <= 20; cycle += 1)
    remembered = decide({ ...found, at: new Date(started + cycle * 60_000) }, remembered, pace).remembered
  const { user, system } = process.cpuUsage(begun)
  expect((user + system) / 20 / 1_000, 'ms of a processor for each look').toBeLessThan(50)
})

test('of what flaps it is known what the newest reading alone says', () => {
  const flaps = Array.from({ length: 8 }, (_, index): [number, (typeof well)[]] => [60 + index * 5, [index % 2 === 0 ? dead : well]])
  const newest = (each: Parameters<typeof looks>[0]) => looks(each).last.signals.services.map((one) => [one.condition, one.flapping])
  expect(newest([[0, [well]], ...flaps])).toEqual([['degraded', 'healthy']])
  expect(newest([[0, [well]], ...flaps.slice(0, -1)])).toEqual([['degraded', 'down']])
})
