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
import { type DiscordDouble, discordDouble, discordFault } from './discord-double.ts'

const place = { guild: '1', project: 'p', environment: 'e' }
const message = { channel: 'c', message: 'm0' }
const report = (sentence: string): Report => ({ title: 'Deploy api', tone: 'neutral', sentence })

let endings: (() => Promise<unknown>)[] = []
let store: Store
let discord: DiscordDouble
let subject: string
let log: ReturnType<typeof quietLog>
beforeEach(async () => {
  const { url, drop } = await createTestDatabase()
  log = quietLog()
  store = createStore({ url, poolSize: 8, log })
  endings = [drop, () => store.close()]
  discord = discordDouble()
  discord.stand(message)
  subject = randomUUID()
})
afterEach(async () => {
  for (const end of endings.reverse()) await end()
})

function make(clock: Clock = hurriedClock(50), messages: DiscordDouble = discord): Delivery {
  const delivery = createDelivery({
    store,
    messages,
    clock,
    log,
    render: async ({ sentence }) => ({ content: sentence, embeds: [], components: [] }),
  })
  endings.push(() => delivery.stop())
  return delivery
}
const inOne = (write: (tx: Parameters<Delivery['revise']>[0]) => Promise<void>) => store.db.transaction().execute(write)
const shown = (id = 'm0') => discord.history.get(id)?.at(-1)
const shows = (text: string, id = 'm0') => vi.waitFor(() => expect(shown(id)).toBe(text), { timeout: 5_000, interval: 10 })

test('a message that stands shows the newest revision, as soon as the door gave it over', async () => {
  const delivery = make(systemClock())
  await delivery.start()
  await inOne(async (tx) => {
    await delivery.revise(tx, subject, report('one'), place)
    await delivery.watch(tx, { subject, place, message })
  })
  expect(discord.edits).toHaveLength(0)
  await delivery.adopted(message)
  await shows('one')
  await inOne((tx) => delivery.revise(tx, subject, report('two'), place))
  await shows('two')
  expect((await delivery.newest(subject))?.sentence).toBe('two')
  expect(await delivery.newest(randomUUID())).toBeUndefined()
})

test('a message whose door died is edited all the same, ten seconds later', async () => {
  const delivery = make(hurriedClock(100))
  await delivery.start()
  await inOne(async (tx) => {
    await delivery.revise(tx, subject, report('one'), place)
    await delivery.watch(tx, { subject, place, message })
  })
  await shows('one')
})

test('a transaction that fails shows nothing', async () => {
  const delivery = make()
  await delivery.start()
  const failing = inOne(async (tx) => {
    await delivery.revise(tx, subject, report('never'), place)
    await delivery.post(tx, { subject, place, channel: 'c' })
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  await inOne(async (tx) => {
    await delivery.revise(tx, subject, report('one'), place)
    await delivery.post(tx, { subject, place, channel: 'c' })
  })
  await shows('one', 'm2')
  expect(discord.history.size).toBe(2)
})

test('revisions that came while Discord was busy are skipped: the newest is shown, a second apart at the least', async () => {
  const delivery = make(systemClock())
  await inOne(async (tx) => {
    await delivery.revise(tx, subject, report('0'), place)
    await delivery.watch(tx, { subject, place, message })
  })
  await delivery.adopted(message)
  await delivery.start()
  await shows('0')
  for (let at = 1; at <= 20; at += 1) await inOne((tx) => delivery.revise(tx, subject, report(String(at)), place))
  await shows('20')
  const edits = discord.edits.map(({ at }) => at)
  expect(edits.length).toBeLessThan(5)
  expect(edits[1]! - edits[0]!).toBeGreaterThan(900)
})

test('a post that was sent by a process that then died stands once', async () => {
  const clock = hurriedClock(50)
  const first = make(clock)
  await inOne(async (tx) => {
    await first.revise(tx, subject, report('one'), place)
    await first.post(tx, { subject, place, channel: 'c' })
  })
  // The process "dies" after Discord took the message and before it could write that down.
  discord.after = async () => {
    discord.after = async () => {}
    await new Promise((resolve) => endings.push(async () => resolve(undefined)))
  }
  await first.start()
  await vi.waitFor(() => expect(discord.history.size).toBe(2), { timeout: 5_000, interval: 10 })
  const second = make(clock)
  await second.start()
  await inOne((tx) => second.revise(tx, subject, report('two'), place))
  await shows('two', 'm2')
  expect(discord.history.size).toBe(2)
})

test('any number of processes deliver each message once', async () => {
  const deliveries = [1, 2, 3].map(() => make(systemClock()))
  const subjects = Array.from({ length: 20 }, () => randomUUID())
  for (const each of subjects) {
    await inOne(async (tx) => {
      await deliveries[0]!.revise(tx, each, report(each), place)
      await deliveries[0]!.post(tx, { subject: each, place, channel: 'c' })
    })
  }
  let most = 0
  let now = 0
  discord.before = async () => {
    now += 1
    most = Math.max(most, now)
    await new Promise((resolve) => setTimeout(resolve, 5))
    now -= 1
  }
  await Promise.all(deliveries.map((each) => each.start()))
  await vi.waitFor(
    async () => {
      const { left } = await store.db
        .selectFrom('messages')
        .select((row) => row.fn.countAll<string>().as('left'))
        .where('shown', '=', 0)
        .executeTakeFirstOrThrow()
      expect(left).toBe('0')
    },
    { timeout: 10_000, interval: 20 },
  )
  expect([...discord.history.values()].flat().sort()).toEqual([...subjects].sort())
  expect(most).toBeGreaterThan(1)
})

test.each([10008, 10003, 50001, 50013])('a message that is gone (%i) is given up once, with the reason', async (code) => {
  discord.before = async () => {
    throw discordFault(`Discord says ${code}`, { status: code === 50001 || code === 50013 ? 403 : 404, code })
  }
  const delivery = make()
  await inOne(async (tx) => {
    await delivery.revise(tx, subject, report('one'), place)
    await delivery.watch(tx, { subject, place, message })
  })
  await delivery.adopted(message)
  await delivery.start()
  const gone = () => store.db.selectFrom('messages').select('gone').executeTakeFirstOrThrow()
  await vi.waitFor(async () => expect((await gone()).gone).toBe(`Discord says ${code}`), { timeout: 5_000, interval: 10 })
  await inOne((tx) => delivery.revise(tx, subject, report('two'), place))
  await delivery.stop()
  expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
})

test.each([
  ['429', { status: 429, retryable: true, retryAfterMs: 1_500 }],
  ['5xx', { status: 502, retryable: true, outcome: 'ambiguous' as const }],
  ['a cut connection', { retryable: true, outcome: 'ambiguous' as const }],
  ['a token that is refused for a while', { status: 401 }],
])('after %s it is tried again, later each time, and nothing is lost', async (_name, fault) => {
  let times = 0
  discord.before = async () => {
    times += 1
    if (times <= 3) throw discordFault('not now', fault)
  }
  const delivery = make()
  await inOne(async (tx) => {
    await delivery.revise(tx, subject, report('one'), place)
    await delivery.watch(tx, { subject, place, message })
  })
  await delivery.adopted(message)
  await delivery.start()
  await shows('one')
  expect(times).toBe(4)
})

test('a report that Discord does not take is skipped, and the next one is shown', async () => {
  discord.before = async () => {
    discord.before = async () => {}
    throw discordFault('Invalid Form Body', { status: 400, code: 50035 })
  }
  const delivery = make()
  await inOne(async (tx) => {
    await delivery.revise(tx, subject, report('one'), place)
    await delivery.watch(tx, { subject, place, message })
  })
  await delivery.adopted(message)
  await delivery.start()
  await vi.waitFor(() => expect(log.lines.some(({ message: text }) => text === 'a report could not be shown')).toBe(true), 5_000)
  await inOne((tx) => delivery.revise(tx, subject, report('two'), place))
  await shows('two')
})

test('a message that shows something else from now on is the new subject’s alone', async () => {
  const delivery = make()
  await delivery.start()
  const other = randomUUID()
  for (const [each, text] of [
    [subject, 'old'],
    [other, 'new'],
  ] as const) {
    await inOne(async (tx) => {
      await delivery.revise(tx, each, report(text), place)
      await delivery.watch(tx, { subject: each, place, message })
    })
    await delivery.adopted(message)
    await shows(text)
  }
  await inOne((tx) => delivery.revise(tx, subject, report('old again'), place))
  await inOne((tx) => delivery.revise(tx, other, report('newer'), place))
  await shows('newer')
  expect(discord.history.get('m0')).not.toContain('old again')
  expect(await delivery.prune(new Date(Date.now() + 86_400_000 * 365))).toBe(2)
})

test('a picture survives the outbox', async () => {
  const delivery = make()
  const png = new Uint8Array([1, 2, 250])
  await inOne((tx) => delivery.revise(tx, subject, { ...report('one'), picture: { png, alt: 'a chart' } }, place))
  const newest = await delivery.newest(subject)
  expect([...(newest?.picture?.png ?? [])]).toEqual([1, 2, 250])
})
