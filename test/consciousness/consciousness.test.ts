import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { channels } from '#src/kernel/channels.ts'
import { place, processes } from './processes.ts'
import { service, signalsOf } from './signals-of.ts'

const PATIENCE = { timeout: 30_000, interval: 20 }

type Stage = Awaited<ReturnType<typeof processes>>
type Process = Awaited<ReturnType<Stage['join']>>
let stage: Stage
let one: Process
let two: Process
beforeAll(async () => {
  stage = await processes()
  one = await stage.join()
  two = await stage.join()
}, 60_000)
afterAll(() => stage?.end(), 60_000)

/** As a foreign publisher does; again and again until somebody listens, as it would. */
async function publish(channel: string, message: object | string): Promise<void> {
  await one.redis.publish(channel, typeof message === 'string' ? message : JSON.stringify(message))
}

describe('what anybody publishes', { timeout: 60_000 }, () => {
  test('is known in every process, and counts for the bot’s own environment alone', async () => {
    expect(one.consciousness.now(place)).toBeUndefined()
    await one.streams.publish(channels.consciousnessStream, { agent_id: 'kael', consciousness_level: 7.5, ucf_metrics: { harmony: 0.72 } })
    await expect.poll(() => two.consciousness.now(place)?.level, PATIENCE).toBe(7.5)
    await expect.poll(() => one.consciousness.now(place)?.metrics, PATIENCE).toEqual({ harmony: 7.2 })
    expect(one.consciousness.now({ ...place, environment: 'other' })).toBeUndefined()
  })
  test('counts where it has a level before what has none, and each source is listed', async () => {
    await publish(channels.ucfMetrics, { harmony: 0.5, zoom: 1 })
    await expect
      .poll(() => two.consciousness.sources(place).readings.map(({ source }) => source), PATIENCE)
      .toEqual(['ucf-metrics', 'kael'])
    expect(two.consciousness.now(place)?.source).toBe('kael')
  })
  test('of one thing takes nothing away from what others said of another: a level without harmony opens nothing', async () => {
    await one.streams.publish(channels.coordinatorStream, {
      type: 'consciousness_update',
      consciousness_level: 9,
      ucf_metrics: { clarity: 1 },
    })
    await expect.poll(() => two.consciousness.now(place)?.level, PATIENCE).toBe(9)
    expect(two.consciousness.now(place)).toMatchObject({
      ...{ source: 'consciousness-stream', metrics: { clarity: 1, harmony: 5, zoom: 1 }, whose: { harmony: { source: 'ucf-metrics' } } },
    })
    await one.streams.publish(channels.consciousnessStream, { agent_id: 'kael', consciousness_level: 7.5, ucf_metrics: { harmony: 0.72 } })
    await expect.poll(() => two.consciousness.now(place)?.level, PATIENCE).toBe(7.5)
  })
  test('and cannot be read is counted, for its channel and source, once over all processes', async () => {
    await publish(channels.consciousness, 'this is no JSON')
    await one.streams.publish(channels.consciousness, { agent_id: 'lumina', consciousness_level: 'high' })
    await expect
      .poll(
        () => two.consciousness.sources(place).unreadable.map(({ channel, source, count, why }) => [channel, source, count, why]),
        PATIENCE,
      )
      .toEqual(
        expect.arrayContaining([
          [channels.consciousness, channels.consciousness, 1, 'it is no JSON object'],
          [channels.consciousness, 'lumina', 1, 'consciousness_level is no number'],
        ]),
      )
  })
  test('while nobody collects is read by whoever collects next', async () => {
    await one.leave()
    await two.leave()
    const three = await stage.join()
    await three.leave()
    const publisher = await stage.join()
    await publisher.consciousness.stop()
    await publisher.streams.publish(channels.consciousnessStream, { agent_id: 'kael', consciousness_level: 3 })
    one = await stage.join()
    await expect.poll(() => one.consciousness.now(place)?.level, PATIENCE).toBe(3)
    two = await stage.join()
    expect(two.consciousness.now(place)?.level).toBe(3)
    expect(two.consciousness.sources(place).unreadable.map(({ count }) => count)).toEqual([1, 1])
  })
  test('is kept as a row of the history, and told as points', async () => {
    const points = await one.consciousness.history(place, 3_600_000, 60)
    const levels = points.flatMap(({ level }) => (level ? [level.min, level.max] : []))
    expect(Math.max(...levels)).toBe(9)
    expect(points.every(({ computed }) => !computed)).toBe(true)
  })
})

describe('what Helix works out', { timeout: 60_000 }, () => {
  const elsewhere = { ...place, environment: 'staging' }
  const ill = [service('a', { condition: 'down', replicas: { running: 0, wanted: 1 } }), service('b')]

  test('counts where nobody publishes, in every process', async () => {
    const now = new Date()
    await one.consciousness.reckon(signalsOf(ill, { place: elsewhere, at: now }))
    await expect
      .poll(() => two.consciousness.now(elsewhere), PATIENCE)
      .toMatchObject({ source: 'helix', level: 5, computed: true, at: now })
    expect(two.consciousness.now(elsewhere, { apart: 'id-a' })?.level).toBe(10)
  })
  test('does not count where somebody does, and is not published then', async () => {
    await one.consciousness.reckon(signalsOf([service('a')], { place, at: new Date() }))
    await expect.poll(() => one.consciousness.sources(place).readings.some(({ computed }) => computed), PATIENCE).toBe(true)
    expect(one.consciousness.now(place)).toMatchObject({ source: 'kael', computed: false })
    expect((await one.streams.read(channels.consciousness, { count: 10 })).filter(({ message }) => message.computed)).toEqual([])
  })
  test('is not known where Railway cannot be read, and that is no failure of who asks', async () => {
    const blind = { ...place, environment: 'blind' }
    await one.consciousness.look(blind)
    expect(one.consciousness.now(blind)).toBeUndefined()
  })
  test('is worked out for an environment that nobody watches when somebody asks, from one look in a minute', async () => {
    const unwatched = { ...place, environment: 'unwatched' }
    const before = stage.once.looks
    stage.once.find = async (of) => signalsOf(ill, { place: of, at: new Date() })
    await Promise.all([one.consciousness.look(unwatched), one.consciousness.look(unwatched)])
    expect(one.consciousness.now(unwatched)).toMatchObject({ level: 5, metrics: { harmony: 5 }, computed: true })
    await one.consciousness.look(unwatched)
    expect(stage.once.looks - before).toBe(1)
    await expect.poll(() => two.consciousness.now(unwatched)?.level, PATIENCE).toBe(5)
  })
  test('tells nothing by figures that are stale', async () => {
    const stale = { ...place, environment: 'stale' }
    await one.consciousness.reckon(signalsOf(ill, { place: stale, stale: true, at: new Date() }))
    expect(await one.store.db.selectFrom('consciousness_sources').select('source').where('environment', '=', 'stale').execute()).toEqual([])
  })
  test('is published once where nobody else publishes, marked, and never taken for a foreign reading', async () => {
    await one.redis.flushall()
    await one.leave()
    await two.leave()
    one = await stage.join()
    two = await stage.join()
    await one.store.db.deleteFrom('consciousness_sources').execute()
    for (const each of [one, two]) await expect.poll(() => each.consciousness.sources(place).readings, PATIENCE).toEqual([])
    const at = new Date()
    await one.consciousness.reckon(signalsOf(ill, { place, at }))
    await two.consciousness.reckon(signalsOf(ill, { place, at }))
    const published = (await one.streams.read(channels.consciousness, { count: 10 })).filter(({ message }) => message.computed)
    expect(published.map(({ message }) => message)).toEqual([
      {
        agent_id: 'helix',
        consciousness_level: 5,
        ucf_metrics: { harmony: 0.5, resilience: 0.5, prana: 1, drishti: 1, klesha: 0 },
        timestamp: at.toISOString(),
        computed: true,
        environment: 'production',
      },
    ])
    await one.streams.publish(channels.consciousness, { agent_id: 'late', consciousness_level: 2 })
    await expect.poll(() => one.consciousness.now(place)?.level, PATIENCE).toBe(2)
    expect(one.consciousness.sources(place).readings.map(({ source, computed }) => [source, computed])).not.toContainEqual(['helix', false])
  })
})
