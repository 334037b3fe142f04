import { afterAll, beforeAll, expect, test } from 'vitest'
import { createStore } from '#src/adapters/store/create-store.ts'
import type { Store } from '#src/adapters/store/store.ts'
import { createSpeechBudget } from '#src/voice/speech-budget.ts'
import { handClock } from '#test/playground/discord/hand-clock.ts'
import { createTestDatabase, type TestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'

let database: TestDatabase
let store: Store
beforeAll(async () => {
  database = await createTestDatabase()
  store = createStore({ url: database.url, poolSize: 4, log: quietLog() })
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

const budgetAt = (at: string) => createSpeechBudget({ store, clock: handClock(new Date(at)), secondsPerDay: 60 })

test('each guild has its own budget, of the day in UTC', async () => {
  const budget = budgetAt('2026-03-01T23:59:00Z')
  await Promise.all(Array.from({ length: 10 }, () => budget.count('one', 1.2)))
  expect(await budget.state('one')).toEqual({ usedSeconds: 20, allowedSeconds: 60, renewsAt: new Date('2026-03-02T00:00:00Z') })
  expect(await budget.state('two')).toMatchObject({ usedSeconds: 0 })
  expect(await budgetAt('2026-03-02T00:00:00Z').state('one')).toMatchObject({ usedSeconds: 0 })
})

test('a day is told once that its budget is used up, and the next day again', async () => {
  const [today, tomorrow] = [budgetAt('2026-04-01T10:00:00Z'), budgetAt('2026-04-02T10:00:00Z')]
  await today.count('three', 61)
  const told = await Promise.all(Array.from({ length: 5 }, () => today.tellOnce('three')))
  expect(told.filter(Boolean)).toHaveLength(1)
  expect(await today.state('three')).toMatchObject({ usedSeconds: 61 })
  expect([await tomorrow.tellOnce('three'), await tomorrow.tellOnce('three')]).toEqual([true, false])
})

test('old days are forgotten', async () => {
  await budgetAt('2026-01-01T10:00:00Z').count('four', 5)
  await budgetAt('2026-01-02T10:00:00Z').count('four', 5)
  expect(await budgetAt('2026-05-01T10:00:00Z').prune(new Date('2026-01-02T00:00:00Z'))).toBe(1)
  expect(await budgetAt('2026-01-02T10:00:00Z').state('four')).toMatchObject({ usedSeconds: 5 })
})
