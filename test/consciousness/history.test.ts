import { afterAll, beforeAll, expect, test } from 'vitest'
import { createStore } from '#src/adapters/store/create-store.ts'
import type { Store } from '#src/adapters/store/store.ts'
import { createHistory } from '#src/consciousness/history.ts'
import { tallyOf } from '#src/consciousness/tally.ts'
import { createTestDatabase, type TestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const place = { guild: 'g', project: 'p', environment: 'e' }
const begin = new Date('2026-11-01T00:00:00Z').getTime()

let database: TestDatabase
let store: Store
beforeAll(async () => {
  database = await createTestDatabase()
  store = createStore({ url: database.url, poolSize: 2, log: quietLog() })
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

const rowsOf = async (seconds: number) =>
  store.db.selectFrom('consciousness_metrics').selectAll().where('seconds', '=', seconds).orderBy('at').execute()

function row(ms: number, level: number, given: { readonly source?: string; readonly computed?: boolean } = {}) {
  const tallies = tallyOf({ level, metrics: { harmony: level } })
  return { channel: 'consciousness:stream', source: 'kael', ...given, at: new Date(begin + ms), count: 1, ...tallies }
}

test('rows of ten seconds become rows of five minutes and of an hour, and are forgotten in their time', async () => {
  const history = createHistory(store)
  // Three hours, then nothing for ten, then one more.
  const levels = (from: number, until: number) =>
    Array.from({ length: (until - from) / (10 * MINUTE) }, (_, n) => row(from + n * 10 * MINUTE, n % 10))
  await history.write(place, levels(0, 3 * HOUR))
  await history.write(place, [row(13 * HOUR, 4)])
  await history.condense(new Date(begin + 14 * HOUR + 2 * MINUTE))
  expect(await rowsOf(300)).toHaveLength(19)
  const hours = await rowsOf(3_600)
  expect(hours.map(({ at, messages, level }) => [(at.getTime() - begin) / HOUR, messages, level])).toEqual([
    [0, 6, { n: 6, min: 0, mean: 2.5, max: 5, last: 5 }],
    [1, 6, { n: 6, min: 0, mean: 31 / 6, max: 9, last: 1 }],
    [2, 6, { n: 6, min: 2, mean: 4.5, max: 7, last: 7 }],
    [13, 1, { n: 1, min: 4, mean: 4, max: 4, last: 4 }],
  ])
  expect(hours[1]!.metrics).toEqual({ harmony: { n: 6, min: 0, mean: 31 / 6, max: 9, last: 1 } })

  await history.condense(new Date(begin + 14 * HOUR + 2 * MINUTE))
  expect(await rowsOf(3_600)).toEqual(hours)
  await history.condense(new Date(begin + 2 * DAY + HOUR))
  expect([(await rowsOf(10)).length, (await rowsOf(300)).length]).toEqual([13, 19])
  await history.condense(new Date(begin + 40 * DAY))
  expect([(await rowsOf(10)).length, (await rowsOf(300)).length, (await rowsOf(3_600)).length]).toEqual([0, 0, 4])
  await history.condense(new Date(begin + 366 * DAY))
  expect(await rowsOf(3_600)).toEqual([])
})

test('a span is told as so many points, of what was published where anybody did, up to this moment', async () => {
  const history = createHistory(store)
  const now = 30 * DAY
  const rows = [
    row(now - 5 * DAY, 2),
    row(now - 5 * DAY, 4, { source: 'lumina' }),
    row(now - 5 * DAY, 9, { source: 'helix', computed: true }),
  ]
  await history.write(place, [...rows, row(now - DAY, 9, { source: 'helix', computed: true })])
  await history.condense(new Date(begin + now))
  await history.write(place, [row(now - 20_000, 6)])
  await history.write({ ...place, environment: 'other' }, [row(now - 20_000, 1)])
  const range = { from: new Date(begin + now - 7 * DAY), to: new Date(begin + now) }
  const points = await history.read(place, range, 200)
  expect(points.map(({ level, computed }) => [level?.min, level?.mean, level?.max, computed])).toEqual([
    [2, 3, 4, false],
    [9, 9, 9, true],
    [6, 6, 6, false],
  ])
  expect((await history.read(place, range, 2)).length).toBeLessThanOrEqual(3)
})

test('what comes late is added to the row of its span, in one writing and in several', async () => {
  const history = createHistory(store)
  const rows = [{ ...row(50 * DAY, 5), count: 7 }, row(50 * DAY + 3_000, 9), row(50 * DAY + 10_000, 1)]
  await history.write({ ...place, guild: 'late' }, rows)
  await history.write({ ...place, guild: 'late' }, [row(50 * DAY + 4_000, 2)])
  const kept = await store.db.selectFrom('consciousness_metrics').selectAll().where('guild', '=', 'late').orderBy('at').execute()
  expect(kept).toMatchObject([{ messages: 9, level: { n: 3, min: 2, max: 9, last: 2 } }, { messages: 1 }])
})
