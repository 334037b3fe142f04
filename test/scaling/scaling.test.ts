import { beforeEach, expect, test } from 'vitest'
import { UpstreamError } from '#src/kernel/errors.ts'
import { place } from '#test/policies/stage.ts'
import { type ScalingStage, scalingStage } from './stage.ts'

let stage: ScalingStage
beforeEach(async () => {
  stage = await scalingStage()
})

const set = (options: Parameters<ScalingStage['asked']>[0] = {}, more: Parameters<ScalingStage['asked']>[1] = {}) =>
  stage.scaling.set(stage.call(), stage.asked({ max: 6, cpu: '70%', ...options }, more))

test('replicas follow the load by operations that say why, on the one path', async () => {
  await set()
  await stage.scaling.take(stage.reading(1.9))
  await stage.done()
  expect(stage.api.regions).toEqual({ 'europe-west4-drams3a': 3 })
  const [operation] = await stage.operationsMade()
  expect(operation).toMatchObject({ command: 'scale', status: 'succeeded', actor_key: 'helix:scale:api' })
  expect(operation?.cause?.reason).toBe('Scale api from 2 to 3 replicas: CPU is at 95 % (target 70 %), which takes 3.')
  await stage.minutes(6)
  await stage.scaling.take(stage.reading(0.3))
  await stage.done()
  expect(stage.api.regions).toEqual({ 'europe-west4-drams3a': 2 })
})

test('several processes that take the same reading decide once', async () => {
  await set()
  const reading = stage.reading(1.9)
  await Promise.all([stage.process().take(reading), stage.process().take(reading), stage.process().take(reading)])
  expect(await stage.operationsMade()).toHaveLength(1)
  expect(await stage.told()).toHaveLength(1)
})

test('nothing is decided while what it began is under way, nor from a reading that is stale', async () => {
  await set({ 'up-cooldown': '0s' })
  await stage.scaling.take(stage.reading(1.9))
  await stage.minutes(1)
  await stage.scaling.take(stage.reading(1.9))
  expect(await stage.operationsMade()).toHaveLength(1)
  expect((await stage.scaling.standing(place, 'api')).sentence).toContain('It waits for what it began')
  await stage.done()
  await stage.minutes(1)
  await stage.scaling.take(stage.reading(9, {}, { stale: true }))
  expect(await stage.operationsMade()).toHaveLength(1)
})

test('a first policy acts, a service has one, and setting it again changes what is given alone', async () => {
  expect(await set({ schedule: 'daily 00:00-24:00 min 2' })).toMatchObject({ isNew: true, policy: { name: 'api', mode: 'act' } })
  await stage.scaling.switch(stage.call(), 'api', 'simulate')
  const { policy, isNew, says } = await stage.scaling.set(stage.call(), stage.asked({ max: 3, cpu: 'none', requests: '20' }))
  expect([isNew, policy.mode, says, policy.rules.schedules.length]).toEqual([
    false,
    'simulate',
    '1 to 3 replicas (others by its schedules), for 20 requests a second each',
    1,
  ])
  await expect(set({}, { name: 'other' })).rejects.toThrow('api is scaled by the policy “api” already, so nothing was set')
  await expect(set({}, { name: 'api', service: { id: stage.web.id, name: 'web' } })).rejects.toThrow('The policy “api” is of api')
  await expect(set({ max: 99, cpu: 'x' })).rejects.toThrow(
    'Nothing was set: “cpu” must be a share such as 90% or an amount in vCPU such as 1.5; “max” must be',
  )
  expect((await stage.scaling.list(place)).map(({ rules }) => rules.max)).toEqual([3])
})

test('a service has one policy too where several set its first at the same moment, and no name is taken over', async () => {
  const options = { max: 3, cpu: '70%' }
  const [api, web] = [
    { id: stage.api.id, name: 'api' },
    { id: stage.web.id, name: 'web' },
  ]
  const asked = [
    ...['one', 'two', 'three'].map((name) => ({ service: api, name, options })),
    ...['one', 'two', 'three'].map((name) => ({ service: web, name, options })),
  ]
  const set = await Promise.allSettled(asked.map((each) => stage.scaling.set(stage.call(), each)))
  const refused = set.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []))
  const policies = await stage.scaling.list(place)
  expect(new Set(policies.map(({ service }) => service.id)).size).toBe(policies.length)
  expect(set.length - refused.length).toBe(policies.length)
  for (const { message } of refused) expect(message).toMatch(/, so nothing was set/)
})

test('a policy is found by its service’s name, however that is said', async () => {
  await set({}, { name: 'big-api' })
  expect((await stage.scaling.standing(place, 'API')).policy.name).toBe('big-api')
  await stage.scaling.switch(stage.call(), 'api', 'off')
  expect((await stage.scaling.named(place, 'big-api')).mode).toBe('off')
  await expect(stage.scaling.named(place, 'bog-api')).rejects.toThrow('big-api')
})

test('what is only simulated is told and not done', async () => {
  await set({}, { mode: 'simulate' })
  await stage.scaling.take(stage.reading(1.9))
  await stage.minutes(3)
  await stage.scaling.take(stage.reading(1.9))
  expect(await stage.operationsMade()).toEqual([])
  expect(await stage.told()).toEqual(['scale up: Scale api from 2 to 3 replicas: CPU is at 95 % (target 70 %), which takes 3.'])
  expect((await stage.scaling.standing(place, 'api')).sentence).toMatch(/It only simulates\.$/)
})

test('the one stop of the server stops it, and says so', async () => {
  await set()
  await stage.stops.stop(stage.call(), 'drill')
  await stage.scaling.take(stage.reading(1.9))
  expect(await stage.operationsMade()).toEqual([])
  expect(await stage.told()).toEqual([expect.stringContaining('healing and scaling are stopped (Ada: drill)')])
  await stage.stops.resume(stage.call())
  await stage.minutes(1)
  await stage.scaling.take(stage.reading(1.9))
  expect(await stage.operationsMade()).toHaveLength(1)
})

test('a volume is said once, and not tried', async () => {
  await set()
  for (let round = 0; round < 5; round += 1) {
    await stage.scaling.take(stage.reading(1.9, { disk: { used: 1, limit: 5 } }))
    await stage.minutes(1)
  }
  expect(await stage.told()).toEqual([
    expect.stringContaining('it has a volume, and Railway allows no replicas of a service with a volume'),
  ])
  expect(stage.ask).not.toHaveBeenCalled()
})

test('what Railway’s plan allows is the most, and said once', async () => {
  stage.railway.billingPlan = 'HOBBY'
  await set({ max: 20, cpu: 'none', requests: '10', 'up-step': 20, 'up-cooldown': '0s' })
  const crowd = { http: { requestsPerSecond: 95, errorRate: 0, p50Ms: 5, p95Ms: 9 } }
  for (let round = 0; round < 4; round += 1) {
    await stage.scaling.take(stage.reading(1, crowd))
    await stage.done()
    await stage.minutes(1)
  }
  expect(stage.api.regions).toEqual({ 'europe-west4-drams3a': 6 })
  expect((await stage.told()).slice(1)).toEqual([expect.stringContaining('Railway’s HOBBY plan allows 6 of a service')])
})

test('what Helix refuses is tried again later and later', async () => {
  await set()
  Object.assign(stage.api, { regions: { 'europe-west4-drams3a': 1, 'us-west2': 1 } })
  for (let round = 0; round < 30; round += 1) {
    await stage.scaling.take(stage.reading(1.9))
    await stage.minutes(1)
  }
  expect(await stage.told()).toHaveLength(3)
  expect((await stage.scaling.standing(place, 'api')).sentence).toContain('It could not be done (3 times in a row): It runs in')
})

test('a queue counts, and where it cannot be read that is told', async () => {
  await set({ cpu: 'none', queue: 'jobs', each: 10 })
  await stage.scaling.take(stage.reading(0.1))
  expect((await stage.scaling.standing(place, 'api')).told?.figures).toEqual([
    { name: 'Queue', value: 'unknown: it was not read', target: '10 waiting' },
  ])
  stage.world.queue = { waiting: 55 }
  await stage.minutes(1)
  await stage.scaling.take(stage.reading(0.1))
  await stage.done()
  expect(stage.api.regions).toEqual({ 'europe-west4-drams3a': 6 })
})

test('a low level of consciousness holds it, as the policy says', async () => {
  await set({ consciousness: 'below 5 hold' })
  stage.world.level = 4
  await stage.scaling.take(stage.reading(1.9))
  expect(await stage.told()).toEqual([expect.stringContaining('the level is at 4: below 5 nothing is done')])
})

test('load is recorded once a minute for services with a policy, forgotten after two weeks, and drawn', async () => {
  await set({}, { mode: 'off' })
  for (let round = 0; round < 10; round += 1) {
    await stage.scaling.take(stage.reading(1 + round / 10))
    await stage.clock.turn(30_000)
  }
  const rows = () => stage.store.db.selectFrom('scale_loads').select(['service', 'cpu', 'replicas', 'queue']).orderBy('minute').execute()
  expect((await rows()).map(({ cpu }) => cpu)).toEqual([1, 1.2, 1.4, 1.6, 1.8])
  const policy = await stage.scaling.named(place, 'api')
  const drawn = await stage.scaling.draw(place, policy, 3_600_000)
  expect(drawn?.panels.map(({ title, threshold, lines }) => [title, threshold?.label, lines[0]?.points.length])).toEqual([
    ['Replicas', undefined, 5],
    ['CPU', 'target 70 %', 5],
  ])
  await stage.minutes(14 * 1_440)
  await stage.scaling.prune(new Date(0))
  expect(await rows()).toEqual([])
})

test('the load that was recorded is replayed with other rules', async () => {
  await set({}, { mode: 'off' })
  await expect(stage.scaling.simulate(place, 'api', 3_600_000, {})).rejects.toThrow('there is too little load of api on record')
  for (let round = 0; round < 60; round += 1) {
    await stage.scaling.take(stage.reading(round < 30 ? 0.4 : 1.9))
    await stage.minutes(1)
  }
  const { replay, says } = await stage.scaling.simulate(place, 'api', 3_600_000, { cpu: '40%', 'down-cooldown': '1m' })
  expect(says).toBe('1 to 6 replicas, for CPU of 40 % each')
  expect([Math.min(...replay.replicas), Math.max(...replay.replicas)]).toEqual([1, 5])
  expect(replay.overloadedMs.was).toBe(30 * 60_000)
  expect(replay.overloadedMs.would).toBeLessThan(5 * 60_000)
  await expect(stage.scaling.simulate(place, 'api', 3_600_000, { min: 9 })).rejects.toThrow(
    'Nothing was simulated: “min” must not be more than max.',
  )
  expect((await stage.scaling.named(place, 'api')).rules.targets.cpu).toEqual({ value: 0.7, share: true })
})

test('what Railway knows stands for the time before anything was recorded, and what that leaves open is said', async () => {
  await set({ requests: '10' }, { mode: 'off' })
  stage.reading(1)
  const points = (value: (index: number) => number) =>
    Array.from({ length: 60 }, (_, index) => ({ at: new Date(stage.clock.now().getTime() - (60 - index) * 60_000), value: value(index) }))
  const series = {
    CPU_USAGE: points(() => 1),
    CPU_LIMIT: points((index) => (index < 30 ? 1 : 2)),
    MEMORY_USAGE_GB: points(() => 0.4),
    MEMORY_LIMIT_GB: points(() => 2),
  } as const
  stage.railway.metrics = async () =>
    Object.entries(series).map(([measurement, all]) => ({
      measurement: measurement as keyof typeof series,
      serviceId: stage.api.id,
      points: all,
    }))
  stage.railway.httpHistory = async () => points(() => 30).map(({ at, value }) => ({ at, requestsPerSecond: value, p95Ms: 100 }))
  const { replay } = await stage.scaling.simulate(place, 'api', 3_600_000, {})
  expect(replay.samples.slice(0, 31).map(({ replicas }) => replicas)).toEqual([...Array.from({ length: 30 }, () => 1), 2])
  expect(replay.assumed[0]).toBe(
    'What was before Helix recorded the load is Railway’s: without queues and consciousness, and the replicas are worked out from the limits of CPU.',
  )
  expect(replay.decisions[0]?.sentence).toContain('Request rate is at 30 a second (target 10 a second), which takes 3')
  stage.railway.metrics = () =>
    Promise.reject(new UpstreamError('no', { provider: 'Railway', operation: 'metrics', retryable: true, outcome: 'refused' }))
  await expect(stage.scaling.simulate(place, 'api', 3_600_000, {})).rejects.toThrow('too little load')
})
