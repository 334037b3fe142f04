import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { sql } from 'kysely'
import { afterEach, expect, test, vi } from 'vitest'
import { createDatabase } from '#src/adapters/store/create-database.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { freePort } from '#src/launch/free-port.ts'
import { hurriedClock } from '#test/support/hurried-clock.ts'
import { createEmptyDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'

interface Tables {
  note: { text: string }
}

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

function open(url: string, log = quietLog()) {
  const migrations = new URL('migrations/', import.meta.url)
  const clock = hurriedClock(5)
  const database = createDatabase<Tables>({ url, size: 3, log, applicationName: 'note-keeper', migrations, clock })
  endings.push(database.close)
  return database
}

async function emptyDatabase(): Promise<string> {
  const database = await createEmptyDatabase()
  endings.push(database.drop)
  return database.url
}

/** The way to the database, which can be there or not. */
async function bridge(url: string) {
  const port = await freePort()
  const there = new URL(url)
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const onward = connect(Number(there.port), there.hostname)
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroy())
    }
  })
  const down = async () => {
    if (!server.listening) return
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  }
  endings.push(down)
  const here = new URL(url)
  here.port = `${port}`
  return {
    url: here.href,
    down,
    async up() {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
      return (server.address() as AddressInfo).port
    },
  }
}

test('the first query finds the tables, whoever of several replicas made them', async () => {
  const url = await emptyDatabase()
  const log = quietLog()
  const replicas = [open(url, log), open(url, log), open(url, log)]
  await Promise.all(
    replicas.map(({ db }, index) =>
      db
        .insertInto('note')
        .values({ text: `${index}` })
        .execute(),
    ),
  )
  expect(await replicas[0]!.db.selectFrom('note').selectAll().execute()).toHaveLength(3)
  expect(log.lines.filter(({ message }) => message === 'the tables were brought up to date')).toEqual([
    { level: 'info', fields: { migrated: ['0001-notes'] }, message: 'the tables were brought up to date' },
  ])
  const kept = await sql<{ name: string }>`SELECT name FROM note_keeper_migration`.execute(replicas[0]!.db)
  expect(kept.rows).toEqual([{ name: '0001-notes' }])
})

test('a database that is away at the start is down, a 503 for who asks, and migrated once it is there', async () => {
  const way = await bridge(await emptyDatabase())
  const log = quietLog()
  const database = open(way.url, log)
  await expect(database.check()).rejects.toThrow('ECONNREFUSED')
  const refusal = await database.db
    .selectFrom('note')
    .selectAll()
    .execute()
    .catch((error) => error)
  expect(refusal).toBeInstanceOf(UpstreamError)
  expect(refusal.fault).toMatchObject({ provider: 'PostgreSQL', retryable: true, outcome: 'refused' })
  await way.up()
  await vi.waitFor(() => expect(log.lines.some(({ message }) => message === 'the tables were brought up to date')).toBe(true), 10_000)
  await database.check()
  expect(database.figures()).toMatchObject({ size: 3, open: 1, idle: 1, waiting: 0 })
  expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
})

test('a database that is lost fails what is under way as UpstreamError, and is used again when it is back', async () => {
  const way = await bridge(await emptyDatabase())
  await way.up()
  const database = open(way.url)
  await database.check()
  const slow = sql`SELECT pg_sleep(30)`.execute(database.db).catch((error) => error)
  await vi.waitFor(() => expect(database.figures().idle).toBe(0))
  await way.down()
  expect(await slow).toMatchObject({ name: 'UpstreamError', fault: { outcome: 'ambiguous' } })
  await expect(database.check()).rejects.toThrow()
  await way.up()
  await vi.waitFor(() => database.db.insertInto('note').values({ text: 'back' }).execute(), 5_000)
})

test('what PostgreSQL refuses keeps its own code', async () => {
  const database = open(await emptyDatabase())
  const insert = () => database.db.insertInto('note').values({ text: 'once' }).execute()
  await insert()
  await expect(insert()).rejects.toMatchObject({ code: '23505' })
})

test('closing does not wait for a database that never came', async () => {
  const database = open('postgresql://nobody@127.0.0.1:1/nothing')
  await expect(database.migrated()).rejects.toThrow('ECONNREFUSED')
  await database.close()
})
