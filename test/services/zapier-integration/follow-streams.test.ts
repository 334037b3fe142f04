import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Following, followStreams } from '#services/zapier-integration/hooks/follow-streams.ts'
import type { Hooks } from '#services/zapier-integration/hooks/hooks.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { quietLog } from '../../support/quiet-log.ts'
import { type Started, startZapier } from './started.ts'

const url = new URL('http://127.0.0.1:1/hook')
const hooks: Hooks = new Map([
  ['neural-network', url],
  ['consciousness-engine', url],
])
/** Without hooks of its own: only what this test follows is noted. */
let zapier: Started
let following: Following | undefined
let log = quietLog()
beforeAll(async () => {
  zapier = await startZapier()
})
beforeEach(async () => {
  log = quietLog()
  await zapier.redis.client.flushall()
  await zapier.postgres.db.deleteFrom('zapier.work').execute()
  await sql`DELETE FROM zapier.positions`.execute(zapier.postgres.db)
})
afterEach(async () => {
  await following?.stop()
})
afterAll(() => zapier?.stop())

async function follow(aheadMs = 0, given = hooks): Promise<Following> {
  const { now, sleep } = systemClock()
  const clock = { sleep, now: () => new Date(now().getTime() + aheadMs) }
  const { postgres, streams } = zapier
  following = followStreams({ db: postgres.db, streams, hooks: given, clock, log, onAdded: () => {} })
  await expect.poll(async () => (await positions()).length).toBe(given.size === 0 ? 0 : 9)
  return following
}
const positions = async () => (await sql`SELECT channel FROM zapier.positions`.execute(zapier.postgres.db)).rows
const say = (n: number) => zapier.streams.publish('agent_events', { event: 'said', n })
const read = (agent_id: string) => zapier.streams.publish('consciousness_stream', { agent_id, consciousness_level: 7 })
async function noted(): Promise<readonly unknown[]> {
  const rows = await zapier.postgres.db.selectFrom('zapier.work').select('body').orderBy('id').execute()
  return rows.map(({ body }) => (body as { data: { n?: number; agent_id?: string } }).data).map(({ n, agent_id }) => n ?? agent_id)
}

test('what is published while the service is down is noted after its next start, and all of it once', async () => {
  await say(0)
  const first = await follow()
  await say(1)
  await expect.poll(noted).toEqual([1])
  await first.stop()
  for (let n = 2; n <= 250; n += 1) await say(n)
  await follow()
  await expect.poll(async () => (await noted()).length).toBe(250)
  expect(await noted()).toEqual(Array.from({ length: 250 }, (_, n) => n + 1))
  await expect.poll(() => following!.figures()).toEqual({ unsent: 0, lost: 0 })
})

test('a hook that gets its address later begins with what is said from then on', async () => {
  const first = await follow()
  await first.stop()
  await say(1)
  const without = await follow(0, new Map())
  await without.stop()
  await follow()
  await say(2)
  await expect.poll(noted).toEqual([2])
})

test('an entry that cannot be kept is left out alone, counted and said; those of the same lot are noted', async () => {
  const first = await follow()
  await first.stop()
  for (const agent of ['kael', 'nul\0', 'vega']) await read(agent)
  await say(1)
  await follow()
  await expect.poll(async () => (await noted()).toSorted()).toEqual([1, 'kael', 'vega'])
  await expect.poll(() => following!.figures()).toEqual({ unsent: 0, lost: 1 })
  expect(log.lines.filter(({ level }) => level === 'error')).toMatchObject([{ fields: { channel: 'consciousness_stream' } }])
  await following!.stop()
  await follow()
  await read('lumina')
  await expect.poll(noted).toContain('lumina')
  expect(following!.figures().lost).toBe(1)
})

test('names of agents that are long or odd are kept', async () => {
  await follow()
  await read(`${'x'.repeat(99)}😀`)
  await zapier.streams.publish('consciousness_stream', { agent_id: { toString: 1 }, n: 5 })
  await expect.poll(async () => (await noted()).length).toBe(2)
  expect(following!.figures().lost).toBe(0)
})

test('while nothing can be noted nothing is left out: how many wait is shown, and they are noted afterwards', async () => {
  const { db } = zapier.postgres
  await follow()
  await sql`ALTER TABLE zapier.work RENAME TO work_away`.execute(db)
  for (const n of [1, 2, 3]) await say(n)
  await expect.poll(() => following!.figures(), { timeout: 5_000 }).toEqual({ unsent: 3, lost: 0 })
  await expect.poll(() => log.lines.length).toBeGreaterThan(0)
  await sql`ALTER TABLE zapier.work_away RENAME TO work`.execute(db)
  await expect.poll(noted, { timeout: 5_000 }).toEqual([1, 2, 3])
  await expect.poll(() => following!.figures()).toEqual({ unsent: 0, lost: 0 })
  expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'info'])
})

test('what was trimmed, or is older than a day, before it could be noted is counted as lost', async () => {
  const first = await follow()
  await say(0)
  await expect.poll(noted).toEqual([0])
  await first.stop()
  for (const n of [1, 2, 3]) await say(n)
  await zapier.redis.client.xtrim('helix:stream:agent_events', 'MAXLEN', 1)
  const second = await follow()
  await expect.poll(noted).toEqual([0, 3])
  await expect.poll(() => second.figures().lost).toBe(2)
  await second.stop()
  await say(4)
  await follow(2 * 86_400_000)
  const { client } = zapier.redis
  await client.xadd('helix:stream:agent_events', `${Date.now() + 2 * 86_400_000}-0`, 'json', '{"event":"said","n":5}', 'n', 6)
  await expect.poll(noted, { timeout: 5_000 }).toEqual([0, 3, 5])
  await expect.poll(() => following!.figures().lost).toBe(3)
})

test('a Redis that lost its memory, and its time, is followed from its new beginning', async () => {
  const first = await follow()
  await say(1)
  await expect.poll(noted).toEqual([1])
  await first.stop()
  const { client } = zapier.redis
  await client.flushall()
  const old = JSON.stringify({ event: 'said', n: 2 })
  await client.xadd('helix:stream:agent_events', `${Date.now() - 3_600_000}-0`, 'json', old, 'n', 1)
  await follow()
  await expect.poll(noted, { timeout: 5_000 }).toEqual([1, 2])
})

test('two processes note each entry once', async () => {
  const first = await follow()
  const second = await follow()
  for (let n = 1; n <= 50; n += 1) await say(n)
  await expect.poll(async () => (await noted()).length).toBe(50)
  await Promise.all([first.stop(), second.stop()])
  expect((await noted()).toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 50 }, (_, n) => n + 1))
})
