import { afterEach, expect, test } from 'vitest'
import { createStore } from '#src/adapters/store/create-store.ts'
import { createClaims } from '#src/claims/claims.ts'
import { createTestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
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
