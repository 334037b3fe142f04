import { Redis } from 'ioredis'
import { type Kysely, sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDatabase, type ServiceDatabase } from '#src/adapters/store/create-database.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { freePort } from '#src/launch/free-port.ts'
import { createOutbox, createOutboxTable, type Outbox } from '#src/streams/outbox.ts'
import { createEmptyDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { redisServer } from '#test/support/redis.ts'
import { streamsPeer } from '#test/support/stream-clients.ts'

interface Tables {
  outbox: { subject: string }
}

const endings: (() => Promise<unknown>)[] = []
let database: ServiceDatabase<Tables>
let port: number
let server: Awaited<ReturnType<typeof redisServer>>

beforeEach(async () => {
  const empty = await createEmptyDatabase()
  endings.push(empty.drop)
  const migrations = new URL('../adapters/store/migrations/', import.meta.url)
  database = createDatabase<Tables>({ url: empty.url, size: 5, log: quietLog(), applicationName: 'outbox-test', migrations })
  endings.push(database.close)
  await database.migrated()
  await createOutboxTable(database.db, 'outbox')
  port = await freePort()
  server = await redisServer({ port })
  endings.push(() => server.stop())
})
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

interface Relay {
  readonly outbox: Outbox<Tables>
  readonly log: ReturnType<typeof quietLog>
}

/** One process' outbox, over connections of its own. */
function relay(): Relay {
  const peer = streamsPeer(server.url)
  endings.push(peer.close)
  const outbox = createOutbox({
    db: database.db as Kysely<Tables>,
    table: 'outbox',
    streams: peer.streams,
    clock: systemClock(),
    log: peer.log,
  })
  endings.push(outbox.stop)
  outbox.start()
  return { outbox, log: peer.log }
}

/** What a subscriber of Redis itself hears, in its order. */
async function ear(channel: string) {
  const subscriber = new Redis(server.url)
  endings.push(async () => subscriber.disconnect())
  const heard: { readonly n: number; readonly of: string }[] = []
  subscriber.on('message', (_, text) => heard.push(JSON.parse(text)))
  await subscriber.subscribe(channel)
  return heard
}
/** In its time: the machine may be busy. */
const soon = (check: () => unknown) => vi.waitFor(check, 15_000)
const left = async () => (await sql`SELECT FROM outbox`.execute(database.db)).rows.length
const tellOf = ({ outbox }: Relay, of: string, n: number) =>
  outbox.transaction(async (_, tell) => tell(of, { channel: 'news', message: { of, n } }))

test('a message has left by the time its transaction is answered, and never does where that is undone', async () => {
  const one = relay()
  const heard = await ear('news')
  await tellOf(one, 'a', 1)
  await soon(() => expect(heard).toMatchObject([{ of: 'a', n: 1 }]))
  const undone = one.outbox.transaction(async (_, tell) => {
    tell('a', { channel: 'news', message: { of: 'a', n: 2 } })
    throw new Error('undone')
  })
  await expect(undone).rejects.toThrow('undone')
  await tellOf(one, 'a', 3)
  await soon(() => expect(heard.map(({ n }) => n)).toEqual([1, 3]))
  expect(await left()).toBe(0)
})

test('while Redis is away nobody waits and nothing is lost; all of it leaves in order when Redis is back', async () => {
  const one = relay()
  await tellOf(one, 'a', 0)
  await server.stop()
  for (let n = 1; n <= 30; n += 1) await tellOf(one, n % 2 === 0 ? 'a' : 'b', n)
  expect(await left()).toBe(30)
  await soon(() => expect(one.outbox.figures().unsent).toBeGreaterThan(0))
  server = await redisServer({ port })
  const heard = await ear('news')
  await soon(() => expect(heard).toHaveLength(30))
  for (const subject of ['a', 'b']) {
    const order = heard.filter(({ of }) => of === subject).map(({ n }) => n)
    expect(order).toEqual([...order].sort((x, y) => x - y))
  }
  await soon(async () => expect([await left(), one.outbox.figures().unsent]).toEqual([0, 0]))
  expect(one.log.lines.filter(({ message }) => message.includes('cannot leave'))).toHaveLength(1)
}, 30_000)

test('two processes send each message once, and each subject in order', async () => {
  const both = [relay(), relay()]
  const heard = await ear('news')
  await Promise.all(
    ['a', 'b', 'c', 'd'].map(async (subject, index) => {
      for (let n = 1; n <= 25; n += 1) await tellOf(both[(n + index) % 2]!, subject, n)
    }),
  )
  await soon(() => expect(heard.length).toBeGreaterThanOrEqual(100))
  const expected = Array.from({ length: 25 }, (_, n) => n + 1)
  for (const subject of ['a', 'b', 'c', 'd']) expect(heard.filter(({ of }) => of === subject).map(({ n }) => n)).toEqual(expected)
})

test('one that was sent but not noted down is known by its key, and is not heard twice', async () => {
  const one = relay()
  const heard = await ear('news')
  await tellOf(one, 'a', 1)
  const key = '00000000-0000-4000-8000-000000000001'
  for (let n = 0; n < 2; n += 1) {
    await sql`INSERT INTO outbox (key, subject, channel, message) VALUES (${key}, 'a', 'news', '{"of":"a","n":2}')`.execute(database.db)
    await tellOf(one, 'a', 3 + n)
  }
  await soon(() => expect(heard.map(({ n }) => n)).toEqual([1, 2, 3, 4]))
})

test('a message that can never be sent is dropped with a line in the log, and holds nobody up', async () => {
  const one = relay()
  const heard = await ear('news')
  await one.outbox.transaction(async (_, tell) => tell('a', { channel: 'news', message: { of: 'a', text: 'x'.repeat(300_000) } }))
  await tellOf(one, 'a', 1)
  await soon(() => expect(heard).toMatchObject([{ of: 'a', n: 1 }]))
  expect(one.log.lines).toContainEqual(expect.objectContaining({ level: 'error', message: expect.stringContaining('is dropped') }))
})
