import { readdirSync } from 'node:fs'
import { sql } from 'kysely'
import pg from 'pg'
import { afterEach, expect, test, vi } from 'vitest'
import { createStore } from '#src/adapters/store/create-store.ts'
import { createEmptyDatabase, createTestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

async function open(create = createTestDatabase) {
  const database = await create()
  const stores = [1, 2, 3].map(() => createStore({ url: database.url, poolSize: 2, log: quietLog() }))
  endings.push(() => database.drop(), ...stores.map((store) => () => store.close()))
  return { url: database.url, stores: stores as [(typeof stores)[0], (typeof stores)[0], (typeof stores)[0]] }
}

test('migrations run once, however many processes start at the same time', async () => {
  const { stores } = await open(createEmptyDatabase)
  const ran = await Promise.all(stores.map((store) => store.migrate()))
  const files = readdirSync(new URL('../../../src/adapters/store/migrations/', import.meta.url))
  expect(ran.flat().sort()).toEqual(files.map((file) => file.replace(/\.ts$/, '')).sort())
  await stores[0].check()
})

test('every table names its guild, project and environment, but for the one that others read', async () => {
  const { stores } = await open()
  const { rows } = await sql<{ table_name: string; columns: string[] }>`
    SELECT table_name, array_agg(column_name::text) AS columns FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name NOT LIKE 'kysely%' AND table_name <> 'discord_interactions' GROUP BY table_name`.execute(
    stores[0].db,
  )
  expect(rows.length).toBeGreaterThan(8)
  for (const { table_name, columns } of rows)
    expect([table_name, columns]).toEqual([table_name, expect.arrayContaining(['guild', 'project', 'environment'])])
})

test('the audit refuses to be changed, deleted from or emptied', async () => {
  const { stores } = await open()
  const { db } = stores[0]
  const row = {
    event: 'received',
    actor: 'member:1',
    actor_name: 'Ada',
    door: 'slash',
    guild: '1',
    project: '2',
    environment: '3',
    command: 'deploy',
    args: '{}',
  } as const
  await db.insertInto('audit').values(row).execute()
  await expect(db.updateTable('audit').set({ outcome: 'nothing to see' }).execute()).rejects.toThrow('append-only')
  await expect(db.deleteFrom('audit').execute()).rejects.toThrow('append-only')
  await expect(sql`TRUNCATE audit`.execute(db)).rejects.toThrow('append-only')
  expect(await db.selectFrom('audit').select('outcome').execute()).toEqual([{ outcome: null }])
})

test('a listener hears what others say, and goes on after its connection was cut', async () => {
  const { url, stores } = await open()
  const heard: string[] = []
  await stores[0].listen('test_news', (payload) => heard.push(payload))
  const say = (text: string) => sql`SELECT pg_notify('test_news', ${text})`.execute(stores[1].db)
  await say('one')
  await vi.waitFor(() => expect(heard).toEqual(['one']), 5_000)
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  endings.push(() => admin.end())
  await admin.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'helix-listen' AND datname = current_database()",
  )
  await vi.waitFor(() => expect(heard).toEqual(['one', '']), 5_000)
  await say('two')
  await vi.waitFor(() => expect(heard).toEqual(['one', '', 'two']), 5_000)
})

test('a cut connection fails one query, not the process, and the next query works', async () => {
  const { url, stores } = await open()
  await stores[0].check()
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  endings.push(() => admin.end())
  await admin.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'helix' AND datname = current_database()",
  )
  await vi.waitFor(() => stores[0].check(), 5_000)
})

test('a database that is not there is an error, not a wait', async () => {
  const store = createStore({ url: 'postgres://nobody@127.0.0.1:1/nothing', poolSize: 1, log: quietLog() })
  endings.push(() => store.close())
  await expect(store.check()).rejects.toThrow('ECONNREFUSED')
})
