import { afterAll, beforeAll, expect, test } from 'vitest'
import { createStore } from '#src/adapters/store/create-store.ts'
import type { Store } from '#src/adapters/store/store.ts'
import { createAudit, ofCall } from '#src/audit/audit.ts'
import type { Call } from '#src/kernel/call.ts'
import { createTestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'

let store: Store
let drop: () => Promise<void>
beforeAll(async () => {
  const database = await createTestDatabase()
  drop = database.drop
  store = createStore({ url: database.url, poolSize: 2, log: quietLog() })
})
afterAll(async () => {
  await store.close()
  await drop()
})

const call: Call = {
  key: 'discord:5',
  command: 'env.set',
  raw: { service: 'api', value: 'hunter2', api_key: 'hunter3' },
  actor: { kind: 'member', id: '7', name: 'Ada' },
  door: 'slash',
  place: { guild: '1', project: 'p', environment: 'e' },
}

test('who, where, how and with what is kept; what looks like a secret is not', async () => {
  await createAudit({ store }).record({ event: 'received', ...ofCall(call), outcome: 'Asked.' })
  const [row] = await store.db.selectFrom('audit').selectAll().execute()
  expect(row).toMatchObject({
    event: 'received',
    actor: 'member:7',
    actor_name: 'Ada',
    door: 'slash',
    guild: '1',
    project: 'p',
    environment: 'e',
    call: 'discord:5',
  })
  expect(row!.args).toEqual({ service: 'api', value: '•••', api_key: '•••' })
})

test('an entry in a transaction stands or falls with it', async () => {
  const failed = store.db.transaction().execute(async (tx) => {
    await createAudit({ store }).record({ event: 'started', ...ofCall(call) }, tx)
    throw new Error('no')
  })
  await expect(failed).rejects.toThrow('no')
  expect(await store.db.selectFrom('audit').select('id').where('event', '=', 'started').execute()).toEqual([])
})
