import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createStore } from '#src/adapters/store/create-store.ts'
import { createDelivery } from '#src/delivery/create-delivery.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import type { Call } from '#src/kernel/call.ts'
import { createQuestions, type Questions } from '#src/references/questions.ts'
import { lifetimes } from '#src/references/references.ts'
import { type DiscordDouble, discordDouble } from '#test/delivery/discord-double.ts'
import { createTestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'

const place = { guild: '1', project: 'p', environment: 'e' }
const message = { channel: 'c', message: 'm0' }
const call: Call = {
  key: 'k',
  command: 'deploy',
  raw: { service: 'api' },
  actor: { kind: 'member', id: '7', name: 'Ada' },
  door: 'slash',
  place,
  reply: message,
}

let endings: (() => Promise<unknown>)[]
let discord: DiscordDouble
let delivery: Delivery
let questions: Questions
let now: Date
let waiting: (() => void)[]
let store: ReturnType<typeof createStore>

beforeEach(async () => {
  const { url, drop } = await createTestDatabase()
  const log = quietLog()
  store = createStore({ url, poolSize: 6, log })
  now = new Date()
  waiting = []
  // Time stands still until `pass` moves it, which wakes whoever sleeps.
  const clock = {
    now: () => now,
    sleep: (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => {
        if (signal?.aborted) return resolve()
        waiting.push(resolve)
        signal?.addEventListener('abort', () => resolve())
      }),
  }
  discord = discordDouble()
  discord.stand(message)
  const render = async ({ sentence }: { readonly sentence: string }) => ({ content: sentence, embeds: [], components: [] })
  delivery = createDelivery({ store, messages: discord, render, clock, log })
  questions = createQuestions({ store, delivery, clock })
  await delivery.start()
  endings = [drop, () => store.close(), () => delivery.stop()]
})
afterEach(async () => {
  for (const end of endings.reverse()) await end()
})

function pass(ms: number): void {
  now = new Date(now.getTime() + ms)
  wake()
}
function wake(): void {
  for (const each of waiting.splice(0)) each()
}
const shown = () => discord.history.get('m0')?.at(-1)
function shows(text: string): Promise<void> {
  // The loop may have been awake when the time passed.
  const look = () => {
    wake()
    expect(shown()).toBe(text)
  }
  return vi.waitFor(look, { timeout: 5_000, interval: 10 })
}
/** Something that is due at once, and delivered after whatever was due before. */
async function anotherDelivery(): Promise<void> {
  const subject = randomUUID()
  const other = { channel: 'c', message: randomUUID() }
  discord.stand(other)
  await store.db.transaction().execute(async (tx) => {
    await delivery.revise(tx, subject, { title: '', tone: 'neutral', sentence: 'other' }, place)
    await delivery.watch(tx, { subject, place, message: other, from: now })
  })
  await vi.waitFor(() => expect(discord.history.get(other.message)?.at(-1)).toBe('other'), { timeout: 5_000, interval: 10 })
}

test('a question that nobody answered in time says so, and its buttons are gone', async () => {
  await questions.asked(call, 'Deploy api to production.')
  pass(lifetimes.confirmationMs)
  await anotherDelivery()
  expect(shown()).toBeUndefined()
  pass(6_000)
  await shows('No confirmation by Ada took effect within 10 minutes, so nothing was done. The question was: Deploy api to production.')
})

test('a question that was answered is left alone', async () => {
  await questions.asked(call, 'Deploy api to production.')
  await questions.answered(call)
  pass(lifetimes.confirmationMs + 6_000)
  await anotherDelivery()
  expect(shown()).toBeUndefined()
})

test('a message that shows something else by then keeps that', async () => {
  await questions.asked(call, 'Deploy api to production.')
  const subject = randomUUID()
  await store.db.transaction().execute(async (tx) => {
    await delivery.revise(tx, subject, { title: '', tone: 'neutral', sentence: 'Deploying' }, place)
    await delivery.watch(tx, { subject, place, message })
  })
  await delivery.adopted(message)
  await shows('Deploying')
  pass(lifetimes.confirmationMs + 6_000)
  await anotherDelivery()
  expect(shown()).toBe('Deploying')
})
