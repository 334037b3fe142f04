import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { IncomingButton, IncomingCommand } from '#src/adapters/discord/discord.ts'
import { createStore } from '#src/adapters/store/create-store.ts'
import type { Store } from '#src/adapters/store/store.ts'
import { Denied } from '#src/guards/permission-guard.ts'
import { createInteractions } from '#src/interactions/create-interactions.ts'
import type { Call } from '#src/kernel/call.ts'
import { SeenBefore, UserError } from '#src/kernel/errors.ts'
import type { Report } from '#src/kernel/report.ts'
import { turnedClock } from '#test/environments/railway-of.ts'
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'

const report: Report = { title: 'Done', tone: 'good', sentence: 'Done.' }
let database: TestDatabase
let store: Store

beforeAll(async () => {
  database = await createTestDatabase()
  store = createStore({ url: database.url, poolSize: 3, log: quietLog() })
})
afterAll(async () => {
  await store?.close()
  await database?.drop()
})

function incoming(id: string, kind: 'command' | 'button' = 'command'): IncomingCommand & IncomingButton {
  const member = { id: '42', name: 'Ada', standing: { roles: [], administrator: false } }
  return { id, kind, guild: '7', channel: '9', member, command: 'status', options: {}, customId: 'x' } as never
}

/** A door that calls the dispatch with a call of that interaction, or fails before. */
async function through(given: Store, id: string, outcome: Report | Error, kind: 'command' | 'button' = 'command', before?: Error) {
  const { clock, turn } = turnedClock()
  const log = quietLog()
  const interactions = createInteractions({ store: given, isDenial: (error) => error instanceof Denied, clock, log })
  const dispatch = interactions.noting(async () => {
    turn(250)
    if (outcome instanceof Error) throw outcome
    return outcome
  })
  const door = interactions.recording(async ({ id: interaction }: IncomingCommand) => {
    if (before) throw before
    await dispatch({ key: `discord:${interaction}`, command: 'scale' } as Call).catch(() => undefined)
  })
  await door(incoming(id, kind)).catch(() => undefined)
  await interactions.stop()
  return { interactions, log }
}

async function row(id: string) {
  return store.db.selectFrom('discord_interactions').selectAll().where('id', '=', id).executeTakeFirst()
}

test('an interaction is one row: who, where, what, what came of it, and how long it took', async () => {
  await through(store, 'i1', report)
  expect(await row('i1')).toEqual({
    id: 'i1',
    guild: '7',
    channel: '9',
    user_id: '42',
    command: 'scale',
    door: 'slash',
    at: new Date('2026-11-20T10:00:00Z'),
    outcome: 'answered',
    latency_ms: 250,
  })
})

test.each<[string, Error, string]>([
  ['denied', new Denied('no'), 'denied'],
  ['refused', new UserError('no such service'), 'refused'],
  ['failed', new Error('a bug'), 'failed'],
])('one that was %s says so', async (id, error, outcome) => {
  await through(store, id, error, 'button')
  expect(await row(id)).toMatchObject({ outcome, door: 'button', command: 'scale' })
})

test('what another process took, or came too late, is no row of this one', async () => {
  await through(store, 'seen', new SeenBefore('taken'))
  await through(store, 'late', report, 'command', new SeenBefore('late'))
  expect(await row('seen')).toBeUndefined()
  expect(await row('late')).toBeUndefined()
})

test('one that is refused before there is a call is a row with the command that was typed', async () => {
  const { interactions } = await through(store, 'warm-up', report)
  await interactions.recording(async () => {})(incoming('direct'))
  await interactions.stop()
  expect(await row('direct')).toMatchObject({ command: 'status', outcome: 'refused' })
})

test('the same interaction twice is one row, and old rows are forgotten', async () => {
  const { interactions } = await through(store, 'twice', report)
  await through(store, 'twice', report)
  const { count } = await store.db
    .selectFrom('discord_interactions')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  expect(await interactions.prune(new Date('2026-11-20T09:00:00Z'))).toBe(0)
  expect(await interactions.prune(new Date('2026-11-20T11:00:00Z'))).toBe(Number(count))
})

test('a database that is away costs its rows and nothing else', async () => {
  const away = createStore({ url: 'postgresql://127.0.0.1:1/nowhere', poolSize: 1, log: quietLog() })
  const { log } = await through(away, 'lost', report)
  expect(log.lines).toMatchObject([{ level: 'warn', fields: { rows: 1 } }])
  await away.close()
})

test("somebody else's table of that name is left alone, and ours stands beside it", async () => {
  const shared = await createEmptyDatabase()
  const theirs = createStore({ url: shared.url, poolSize: 2, log: quietLog() })
  try {
    await sql`CREATE TABLE discord_interactions (interaction uuid PRIMARY KEY, payload jsonb NOT NULL)`.execute(theirs.db)
    expect(await theirs.migrate()).toContain('0003-discord-interactions')
    await through(theirs, 'beside', report)
    expect(await theirs.db.selectFrom('helix_discord_interactions').select('id').execute()).toEqual([{ id: 'beside' }])
    const { rows } = await sql<{ many: string }>`SELECT count(*) AS many FROM discord_interactions`.execute(theirs.db)
    expect(rows).toEqual([{ many: '0' }])
  } finally {
    await theirs.close()
    await shared.drop()
  }
})
