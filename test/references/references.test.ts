import { afterAll, beforeAll, expect, test } from 'vitest'
import { createStore } from '#src/adapters/store/create-store.ts'
import type { Store } from '#src/adapters/store/store.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Action } from '#src/kernel/report.ts'
import { createReferences } from '#src/references/references.ts'
import { createTestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'

const place = { guild: '1', project: 'p', environment: 'e' }
const logs: Action = { label: 'Logs', command: 'logs', arguments: { service: 'api', lines: 5 } }
const confirms = { by: 'member:7', digest: 'abc' }
const confirm: Action = { label: 'Confirm', command: 'scale', arguments: { service: 'api', replicas: 3 }, confirms }
const cancel: Action = { label: 'Cancel', command: 'confirmation.cancel', arguments: {}, confirms }

let now = new Date('2026-01-01T12:00:00Z')
const clock = { now: () => now, sleep: async () => {} }
let store: Store
let drop: () => Promise<void>
beforeAll(async () => {
  const database = await createTestDatabase()
  drop = database.drop
  store = createStore({ url: database.url, poolSize: 6, log: quietLog() })
})
afterAll(async () => {
  await store.close()
  await drop()
})
const make = (secretKey = 'key') => createReferences({ store, secretKey, clock })

test('a button carries no arguments, fits Discord, and leads to its action from any process', async () => {
  const customId = await make().issue({ place, action: logs, answer: 'public' })
  expect(customId.length).toBeLessThanOrEqual(100)
  expect(customId).not.toContain('api')
  const opened = make().open(customId)
  expect(opened.answer).toBe('public')
  expect(await make().resolve(opened.id)).toEqual({ place, action: logs })
})

test('the same action in the same place is one row, however its arguments are ordered', async () => {
  const references = make()
  const first = references.open(await references.issue({ place, action: logs, answer: 'public' }))
  const again = references.open(
    await references.issue({ place, action: { ...logs, arguments: { lines: 5, service: 'api' } }, answer: 'update' }),
  )
  expect(again).toEqual({ id: first.id, answer: 'update' })
  const elsewhere = references.open(await references.issue({ place: { ...place, environment: 'other' }, action: logs, answer: 'public' }))
  expect(elsewhere.id).not.toBe(first.id)
})

test('a button that was tampered with, or that another installation made, is refused', async () => {
  const customId = await make().issue({ place, action: logs, answer: 'public' })
  expect(() => make('another key').open(customId)).toThrow(UserError)
  for (let at = 0; at < customId.length; at += 1) {
    const changed = customId.slice(0, at) + (customId[at] === 'e' ? 'p' : 'e') + customId.slice(at + 1)
    // The last character of a signature holds two bits that mean nothing.
    if (at < customId.length - 1) expect(() => make().open(changed), changed).toThrow(UserError)
  }
  expect(() => make().open('old-button')).toThrow(UserError)
})

test('a button expires after seven days, a confirmation after ten minutes', async () => {
  const start = now
  const button = await make().issue({ place, action: logs, answer: 'public' })
  const confirmation = await make().issue({ place, action: confirm, answer: 'update' })
  now = new Date(start.getTime() + 9 * 60_000)
  expect(make().open(confirmation).answer).toBe('update')
  now = new Date(start.getTime() + 10 * 60_000)
  expect(() => make().open(confirmation)).toThrow('This button has expired')
  now = new Date(start.getTime() + 7 * 86_400_000 - 1000)
  expect(make().open(button).answer).toBe('public')
  now = new Date(start.getTime() + 7 * 86_400_000)
  expect(() => make().open(button)).toThrow('This button has expired')
  expect(await make().prune(now)).toBeGreaterThan(0)
  now = start
  await expect(make().resolve(make().open(button).id)).resolves.toBeTruthy()
})

test('a confirmation counts once, from the member who was asked alone, and voids its siblings', async () => {
  const references = make()
  const [yes, no] = await Promise.all(
    [confirm, cancel].map(async (action) => references.open(await references.issue({ place, action, answer: 'update' })).id),
  )
  await expect(references.consume(yes!, 'member:8')).rejects.toThrow('Only the member who was asked')
  const presses = await Promise.allSettled([yes, no, yes, no, yes].map((id) => references.consume(id!, 'member:7')))
  expect(presses.filter((press) => press.status === 'fulfilled')).toHaveLength(1)
  await expect(references.consume(yes!, 'member:7')).rejects.toThrow('answered already')
  await expect(references.consume(no!, 'member:7')).rejects.toThrow('answered already')
  const asked = references.open(await references.issue({ place, action: confirm, answer: 'update' })).id
  await references.consume(asked, 'member:7')
})

test('a question that says when it is too late is over then', async () => {
  const references = make()
  const until = new Date(now.getTime() + 20_000).toISOString()
  const customId = await references.issue({ place, action: { ...confirm, confirms: { ...confirms, until } }, answer: 'update' })
  expect(references.open(customId).answer).toBe('update')
  const asked = now
  now = new Date(now.getTime() + 20_000)
  expect(() => references.open(customId)).toThrow('expired')
  now = asked
})
