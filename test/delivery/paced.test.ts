import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createStore } from '#src/adapters/store/create-store.ts'
import type { Store } from '#src/adapters/store/store.ts'
import { createDelivery } from '#src/delivery/create-delivery.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import { type Clock, systemClock } from '#src/kernel/clock.ts'
import type { Report } from '#src/kernel/report.ts'
import { hurriedClock } from '#test/support/hurried-clock.ts'
import { createTestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { type DiscordDouble, discordDouble } from './discord-double.ts'

const place = { guild: '1', project: 'p', environment: 'e' }
const report = (sentence: string): Report => ({ title: 'Live', tone: 'neutral', sentence })
const clock = hurriedClock(20)

let endings: (() => Promise<unknown>)[] = []
let store: Store
let discord: DiscordDouble
/** When each request began, by the clock. */
let requests: number[]
beforeEach(async () => {
  const { url, drop } = await createTestDatabase()
  store = createStore({ url, poolSize: 8, log: quietLog() })
  endings = [drop, () => store.close()]
  requests = []
  discord = discordDouble()
  discord.before = async () => void requests.push(clock.now().getTime())
})
afterEach(async () => {
  for (const end of endings.reverse()) await end()
})

function make(time: Clock = clock): Delivery {
  const render = async ({ sentence }: Report) => ({ content: sentence, embeds: [], components: [] })
  const delivery = createDelivery({ store, messages: discord, clock: time, log: quietLog(), render })
  endings.push(() => delivery.stop())
  return delivery
}
const inOne = (write: (tx: Parameters<Delivery['revise']>[0]) => Promise<void>) => store.db.transaction().execute(write)
const shown = () => [...discord.history.values()].map((texts) => texts.at(-1))
const post = (delivery: Delivery, subject: string, text: string, channel = 'c', paced = true) =>
  inOne(async (tx) => {
    await delivery.revise(tx, subject, report(text), place)
    await delivery.post(tx, { subject, place, channel, paced })
  })

test('paced messages of one channel are sent a second apart, whoever delivers, and each has its turn', async () => {
  const deliveries = [make(), make()]
  const subjects = Array.from({ length: 4 }, () => randomUUID())
  for (const each of subjects) await post(deliveries[0]!, each, 'first')
  for (const each of deliveries) await each.start()
  await vi.waitFor(() => expect(shown()).toEqual(['first', 'first', 'first', 'first']), { timeout: 20_000, interval: 10 })
  for (let revision = 0; revision < 3; revision += 1) {
    for (const each of subjects) await inOne((tx) => deliveries[1]!.revise(tx, each, report(`revision ${revision}`), place))
  }
  await vi.waitFor(() => expect(new Set(shown())).toEqual(new Set(['revision 2'])), { timeout: 20_000, interval: 10 })
  const gaps = requests.slice(1).map((at, index) => at - requests[index]!)
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000)
})

test('who is not paced, or in another channel, does not wait for them', async () => {
  const delivery = make(systemClock())
  const release = Promise.withResolvers<void>()
  discord.before = async () => {
    if (discord.history.size === 0) await release.promise
  }
  await post(delivery, randomUUID(), 'paced')
  await delivery.start()
  await vi.waitFor(async () => {
    const { leased_until } = await store.db.selectFrom('messages').select('leased_until').executeTakeFirstOrThrow()
    expect(leased_until).not.toBeNull()
  })
  discord.before = async () => {}
  await post(delivery, randomUUID(), 'elsewhere', 'd')
  await post(delivery, randomUUID(), 'urgent', 'c', false)
  await vi.waitFor(() => expect(shown().toSorted()).toEqual(['elsewhere', 'urgent']), { timeout: 20_000, interval: 10 })
  release.resolve()
  await vi.waitFor(() => expect(shown().toSorted()).toEqual(['elsewhere', 'paced', 'urgent']), { timeout: 20_000, interval: 10 })
})
