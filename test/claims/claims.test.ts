import { afterEach, expect, test } from 'vitest'
import { createStore } from '#src/adapters/store/create-store.ts'
import { createClaims } from '#src/claims/claims.ts'
import { createTestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

test('what is claimed for a time can be claimed again after it, by one, and asking meanwhile lengthens nothing', async () => {
  const { url, drop } = await createTestDatabase()
  const store = createStore({ url, poolSize: 3, log: quietLog() })
  endings.push(drop, () => store.close())
  const claims = createClaims({ store })
  const attempt = (ms: number) => Promise.all(Array.from({ length: 10 }, () => claims.claimFor('webhook:1', ms)))
  expect((await attempt(60_000)).filter(Boolean)).toHaveLength(1)
  expect((await attempt(60_000)).filter(Boolean)).toHaveLength(0)
  await store.db
    .updateTable('claims')
    .set({ at: new Date(Date.now() - 61_000) })
    .execute()
  expect((await attempt(60_000)).filter(Boolean)).toHaveLength(1)
})

test('of many processes that claim a call, one gets it', async () => {
  const { url, drop } = await createTestDatabase()
  const stores = [1, 2, 3].map(() => createStore({ url, poolSize: 3, log: quietLog() }))
  endings.push(drop, ...stores.map((store) => () => store.close()))
  const claims = stores.map((store) => createClaims({ store }))
  const won = await Promise.all(Array.from({ length: 30 }, (_, at) => claims[at % 3]!.claim('discord:1')))
  expect(won.filter(Boolean)).toHaveLength(1)
  expect(await claims[0]!.claim('discord:1')).toBe(false)
  expect(await claims[0]!.claim('discord:2', { guild: '1', project: '2', environment: '3' })).toBe(true)
  expect(await claims[0]!.prune(new Date(Date.now() - 60_000))).toBe(0)
  expect(await claims[0]!.prune(new Date(Date.now() + 60_000))).toBe(2)
})
