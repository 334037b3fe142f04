import { sql } from 'kysely'
import { Client } from 'pg'
import { afterEach, expect, test } from 'vitest'
import { createDatabase } from '#src/adapters/store/create-database.ts'
import { limits } from '#src/adapters/store/pool.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { type MuteGate, muteGate } from '#test/support/mute-gate.ts'
import { createEmptyDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'

interface Tables {
  note: { text: string }
}

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

async function open(size = 3) {
  const made = await createEmptyDatabase()
  endings.push(made.drop)
  const gate: MuteGate = await muteGate(made.url)
  endings.push(gate.close)
  const log = quietLog()
  const migrations = new URL('migrations/', import.meta.url)
  const database = createDatabase<Tables>({ url: gate.url, size, log, applicationName: 'note-keeper', migrations })
  endings.push(database.close)
  await database.migrated()
  const note = (text: string) => database.db.insertInto('note').values({ text }).execute()
  const failure = (asked: Promise<unknown>) => asked.then(() => undefined).catch((error: unknown) => error)
  return { ...database, gate, url: made.url, log, note, failure }
}

test('a database that hangs is away for all who wait before the first statement’s time is over, and well again when it answers', async () => {
  const { db, gate, log, note, failure } = await open()
  for (const text of ['a', 'b', 'c']) await note(text)
  gate.hush()
  const began = performance.now()
  const failures = await Promise.all(Array.from({ length: 30 }, (_, n) => failure(note(`meanwhile ${n}`))))
  expect(performance.now() - began).toBeLessThan(limits.muteMs / 2)
  for (const each of failures) expect(each).toBeInstanceOf(UpstreamError)
  // What was under way may have been done, and what only waited was not.
  const outcomes = failures.map((each) => (each as UpstreamError).fault.outcome)
  expect(outcomes.filter((outcome) => outcome === 'ambiguous').length).toBeLessThanOrEqual(3)
  expect(outcomes).toContain('refused')
  const later = performance.now()
  await failure(note('later'))
  expect(performance.now() - later).toBeLessThan(limits.connectMs)
  gate.resume()
  await expect.poll(() => failure(note('after')), { timeout: 15_000 }).toBeUndefined()
  const { rows } = await sql<{ text: string }>`SELECT text FROM note WHERE text IN ('later', 'after')`.execute(db)
  expect(rows.map(({ text }) => text)).toEqual(['after'])
  const said = log.lines.map(({ message }) => message).filter((message) => message.includes('answer'))
  expect(said).toEqual(['the database does not answer: whoever waits for it is told so', 'the database answers again'])
}, 60_000)

test('a transaction that hangs is ambiguous as a whole, and its connection serves nobody else', async () => {
  const { db, gate, failure, note } = await open(1)
  const sent = Promise.withResolvers<void>()
  const failed = failure(
    db.transaction().execute(async (tx) => {
      await tx.insertInto('note').values({ text: 'one' }).execute()
      gate.hush()
      const asked = tx.insertInto('note').values({ text: 'two' }).execute()
      sent.resolve()
      await asked
    }),
  )
  await sent.promise
  expect(await failed).toMatchObject({ name: 'UpstreamError', fault: { outcome: 'ambiguous', operation: 'query' } })
  gate.resume()
  await expect.poll(() => failure(note('three')), { timeout: 15_000 }).toBeUndefined()
  expect(await db.selectFrom('note').select('text').execute()).toEqual([{ text: 'three' }])
}, 60_000)

test('a connection on which a transaction may have begun serves nobody else: what others write is committed when they are told so', async () => {
  const { db, gate, url, failure, note } = await open(1)
  await note('before')
  gate.hush()
  const failed = await failure(db.transaction().execute((tx) => tx.insertInto('note').values({ text: 'within' }).execute()))
  expect(failed).toMatchObject({ name: 'UpstreamError', fault: { outcome: 'ambiguous' } })
  gate.resume()
  await expect.poll(() => failure(note('after')), { timeout: 15_000 }).toBeUndefined()
  const another = new Client({ connectionString: url })
  await another.connect()
  endings.push(() => another.end())
  const { rows } = await another.query<{ text: string }>('SELECT text FROM note ORDER BY text')
  expect(rows.map(({ text }) => text)).toEqual(['after', 'before'])
}, 60_000)

test('a statement that takes long on a server that answers others is waited for', async () => {
  const { db } = await open()
  const { rows } = await sql<{ slept: boolean }>`SELECT true AS slept FROM pg_sleep(4)`.execute(db)
  expect(rows).toEqual([{ slept: true }])
})
