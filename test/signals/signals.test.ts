import { fork } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { RedisServer } from '#src/launch/redis.ts'
import { healthMessage } from '#src/signals/health-message.ts'
import type { EnvironmentSignals } from '#src/signals/signals.ts'
import { place } from '#test/environments/railway-of.ts'
import { hurriedClock } from '#test/support/hurried-clock.ts'
import { createTestDatabase } from '#test/support/postgres.ts'
import { redisServer } from '#test/support/redis.ts'
import { dead, railwayStory, replica as replicaOf, well } from './stage.ts'

const away = new UpstreamError('Railway could not be reached.', {
  provider: 'Railway',
  operation: 'environment',
  retryable: true,
  outcome: 'ambiguous',
})
vi.setConfig({ testTimeout: 90_000 })

const endings: (() => Promise<unknown>)[] = []
const atEnd = (end: () => Promise<unknown>) => void endings.push(end)
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})
let redis: RedisServer
let databaseUrl: string
beforeAll(async () => {
  redis = await redisServer()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  const { url, drop } = await createTestDatabase()
  databaseUrl = url
  atEnd(drop)
})
const replica = (given: Partial<Parameters<typeof replicaOf>[0]> = {}) => replicaOf({ databaseUrl, redisUrl: redis.url, atEnd, ...given })
const readings = (one: ReturnType<typeof replica>) =>
  one.told.flatMap(({ name, payload }) => (name === 'signals.read' ? [payload as EnvironmentSignals] : []))

test('each cycle is one request, and tells what it read', async () => {
  const one = replica()
  await one.signals.start()
  await one.until(() => readings(one).length >= 3)
  expect(one.story.readings).toBe(readings(one).length)
  expect(readings(one)[0]).toMatchObject({
    place,
    environment: 'production',
    stale: false,
    services: [{ service: { name: 'api' }, condition: 'healthy' }],
  })
  expect(one.signals.newest(place)).toEqual(readings(one).at(-1))
  await one.until(() => one.signals.held(place, 'service-1')?.condition === 'healthy')
  expect(one.turns()).toEqual([])
})

test('a service that dies is told of once, to the events and on service:health; its return too', async () => {
  const one = replica()
  await one.signals.start()
  await one.until(() => readings(one).length > 0)
  one.story.services = [dead]
  await one.until(() => one.turns().length === 1)
  one.story.services = [well]
  await one.until(() => one.turns().length === 2)
  expect(one.turns()).toMatchObject([
    {
      from: 'healthy',
      to: 'down',
      service: { name: 'api' },
      reason: 'Its one replica does not run; it crashed.',
      serving: { id: 'deployment-1' },
    },
    { from: 'down', to: 'healthy' },
  ])
  const published = async () =>
    (await one.streams.read('service:health', { count: 500 })).map(({ message }) => healthMessage.parse(message))
  await one.until(async () => (await published()).filter(({ type }) => type === 'health_turned').length === 2)
  const stories = await published()
  expect(stories.find((each) => each.type === 'health_turned')).toMatchObject({
    service: 'api',
    from: 'healthy',
    to: 'down',
    serving: 'deployment-1',
  })
  expect(stories.find((each) => each.type === 'health_update')).toMatchObject({
    counts: { healthy: 1 },
    services: { api: { status: 'healthy' } },
  })
})

test('a blink is looked at again at once, and is nothing', async () => {
  const one = replica({ deps: { everyMs: 3_600_000 } })
  one.story.next = [[well], [dead], [well]]
  await one.signals.start()
  await one.until(() => readings(one).length === 1)
  await one.signals.lookNow(place)
  await one.until(() => readings(one).length === 3)
  expect(readings(one).map(({ services }) => services[0]?.condition)).toEqual(['healthy', 'healthy', 'healthy'])
  expect(one.turns()).toEqual([])
})

test('where Railway cannot be read, what was known stands as old, nothing is decided, and it goes on by itself', async () => {
  const one = replica()
  await one.signals.start()
  await one.until(() => readings(one).length > 0)
  one.story.services = away
  await one.until(() => readings(one).filter(({ stale }) => stale).length >= 2)
  expect(one.signals.newest(place)).toMatchObject({ stale: true, services: [{ condition: 'healthy' }] })
  one.story.services = [well]
  await one.until(() => readings(one).at(-1)?.stale === false)
  expect(one.turns()).toEqual([])
})

test('who was never read and cannot be is told as such', async () => {
  const one = replica()
  one.story.services = away
  await one.signals.start()
  await one.until(() => readings(one).length > 0)
  expect(readings(one)[0]).toMatchObject({ place, stale: true, services: [] })
})

test('what was turning, and what was held, is known after a restart', async () => {
  const first = replica()
  first.story.services = [dead]
  await first.signals.start()
  await first.until(() => first.turns().length === 1)
  await first.stop()
  const second = replica()
  second.story.services = [dead]
  await second.signals.start()
  expect(second.signals.newest(place)).toMatchObject({ services: [{ condition: 'down' }] })
  await second.until(() => readings(second).length >= 2)
  expect(second.turns()).toEqual([])
  const [before] = first.turns() as unknown as [{ since: Date }]
  expect(second.signals.newest(place)?.services[0]?.since).toEqual(before.since)
})

describe('of several processes', () => {
  test('one reads and decides, and all know what it found', async () => {
    const story = railwayStory(hurriedClock(10))
    // So long that no busy machine takes it away from anybody.
    const given = { story, deps: { leaseMs: 60_000 } }
    const all = [replica(given), replica(given), replica(given)]
    await Promise.all(all.map(({ signals }) => signals.start()))
    await all[0]!.until(() => all.some(({ signals }) => signals.decides()))
    story.services = [dead]
    await all[0]!.until(() => all.every(({ signals }) => signals.newest(place)?.services[0]?.condition === 'down'))
    const deciding = all.filter(({ signals }) => signals.decides())
    expect(deciding).toHaveLength(1)
    await all[0]!.until(() => deciding[0]!.turns().length > 0)
    expect(all.flatMap((each) => each.turns())).toHaveLength(1)
    expect(all.filter((each) => readings(each).length > 0)).toEqual(deciding)
  })

  test('one that stops in order hands over at once', async () => {
    const [first, second] = [replica(), replica()]
    await first.signals.start()
    await first.until(() => first.signals.decides())
    await second.signals.start()
    await first.stop()
    await second.until(() => second.signals.decides() && readings(second).length > 0)
  })

  test('one that is killed is replaced within seconds', async () => {
    const child = fork(new URL('./deciding-process.ts', import.meta.url), [databaseUrl, redis.url], { stdio: 'inherit' })
    atEnd(async () => child.kill('SIGKILL'))
    await once(child, 'message')
    const next = replica({ deps: { leaseMs: 1_500 } })
    await next.signals.start()
    expect(next.signals.decides()).toBe(false)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const { until } = await next.store.db.selectFrom('leases').select('until').executeTakeFirstOrThrow()
    expect(until.getTime() - Date.now()).toBeLessThanOrEqual(1_500)
    await next.until(() => next.signals.decides() && readings(next).length > 0)
  })

  test('whoever does not read can have it read now', async () => {
    const story = railwayStory(hurriedClock(10))
    const given = { story, deps: { everyMs: 3_600_000 } }
    const [first, second] = [replica(given), replica(given)]
    await first.signals.start()
    await first.until(() => readings(first).length === 1)
    await second.signals.start()
    story.services = []
    await second.signals.lookNow(place)
    expect(readings(first).length).toBeGreaterThan(1)
    expect(second.signals.newest(place)?.services).toEqual([])
  })

  test('what one wrote and did not live to tell, the next one tells', async () => {
    const mute = replica({ deps: { emit: () => new Promise(() => {}) } })
    await mute.signals.start()
    await mute.until(() => mute.signals.held(place, 'service-1'))
    mute.story.services = [dead]
    await mute.until(async () => (await mute.store.db.selectFrom('health_turns').selectAll().execute()).length === 1)
    const next = replica()
    next.story.services = [dead]
    await next.signals.start()
    await mute.stop()
    await next.until(() => next.turns().length > 0)
    expect(next.turns()).toMatchObject([{ from: 'healthy', to: 'down' }])
  })

  test('whoever lost the lease while it looked writes nothing', async () => {
    const one = replica({ deps: { everyMs: 3_600_000 } })
    await one.signals.start()
    await one.until(() => readings(one).length === 1)
    await one.store.db
      .updateTable('leases')
      .set({ holder: 'another', until: new Date(Date.now() + 3_600_000) })
      .execute()
    one.story.services = [dead]
    const { at } = await one.store.db.selectFrom('signals').select('at').executeTakeFirstOrThrow()
    await one.signals.lookNow(place)
    await one.until(() => !one.signals.decides())
    expect(await one.store.db.selectFrom('signals').select('at').executeTakeFirstOrThrow()).toEqual({ at })
    expect(readings(one)).toHaveLength(1)
  })
})

test('when Railway allows few more requests the cycle goes slower, says so once, and goes on as before after the reset', async () => {
  const clock = hurriedClock(10)
  const one = replica({ clock })
  const hour = new Date(clock.now().getTime() + 3_600_000)
  one.story.budget = { limit: 1_000, remaining: 201, resetsAt: hour }
  await one.signals.start()
  await one.until(() => one.signals.cadence(place)?.slowed)
  expect(one.signals.cadence(place)).toEqual({ everyMs: 600_000, slowed: true })
  await one.signals.lookNow(place)
  one.story.budget = { limit: 10_000, remaining: 9_000, resetsAt: hour }
  await one.signals.lookNow(place)
  expect(one.signals.cadence(place)).toEqual({ everyMs: 5_000, slowed: false })
  const said = one.log.lines.map(({ message }) => message).filter((message) => message.startsWith('the health cycle goes'))
  expect(said).toEqual([
    'the health cycle goes slower: Railway allows few more requests for now',
    'the health cycle goes at its own pace again',
  ])
})
