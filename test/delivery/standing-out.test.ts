import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createStore } from '#src/adapters/store/create-store.ts'
import type { Store } from '#src/adapters/store/store.ts'
import { createDelivery } from '#src/delivery/create-delivery.ts'
import type { Delivery, Posted } from '#src/delivery/delivery.ts'
import { renewal } from '#src/delivery/renewal.ts'
import type { Report } from '#src/kernel/report.ts'
import { type HandClock, handClock } from '#test/playground/discord/hand-clock.ts'
import { createTestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { type DiscordDouble, discordDouble, discordFault } from './discord-double.ts'

const place = { guild: '1', project: 'p', environment: 'e' }
const report = (sentence: string): Report => ({ title: 'Incident 1', tone: 'bad', sentence })

let endings: (() => Promise<unknown>)[] = []
let store: Store
let discord: DiscordDouble
let subject: string
let clock: HandClock
let delivery: Delivery
beforeEach(async () => {
  const { url, drop } = await createTestDatabase()
  store = createStore({ url, poolSize: 8, log: quietLog() })
  endings = [drop, () => store.close()]
  discord = discordDouble()
  subject = randomUUID()
  clock = handClock(new Date())
  delivery = make()
})
afterEach(async () => {
  for (const end of endings.reverse()) await end()
})

function make(): Delivery {
  const made = createDelivery({
    store,
    messages: discord,
    clock,
    log: quietLog(),
    render: async ({ sentence }) => ({ content: sentence, embeds: [{}], components: [{}] }),
  })
  endings.push(() => made.stop())
  return made
}
const inOne = (write: (tx: Parameters<Delivery['revise']>[0]) => Promise<void>) => store.db.transaction().execute(write)
const revise = (sentence: string) => inOne((tx) => delivery.revise(tx, subject, report(sentence), place))
const post = (sentence: string, more: Partial<Posted> = {}) =>
  inOne(async (tx) => {
    await delivery.revise(tx, subject, report(sentence), place)
    await delivery.post(tx, { subject, place, channel: 'alerts', ...more })
  })
const note = (sentence: string, mentions: readonly string[] = []) =>
  inOne((tx) => delivery.note(tx, { of: subject, place, thread: 'Incident 1', sentence, mentions }))
/** Lets what is due be delivered, however far the clock must be turned for it. */
const settles = (holds: () => void | Promise<void>, stepMs = 1_000) =>
  vi.waitFor(
    async () => {
      await clock.turn(stepMs)
      await holds()
    },
    { timeout: 15_000, interval: 15 },
  )
const texts = () => discord.created.map(({ channel, body }) => `${channel}: ${body.content}`)

test('roles are mentioned, no others, when a message is created and as long as it stands', async () => {
  await post('down', { mentions: ['71', '72'] })
  await delivery.start()
  await settles(() => expect(discord.created).toHaveLength(1))
  expect(discord.created[0]!.body).toMatchObject({ content: '<@&71> <@&72> down', mentions: ['71', '72'] })
  await revise('up')
  await settles(() => expect([...discord.history.values()]).toEqual([['<@&71> <@&72> down', '<@&71> <@&72> up']]))
})

test('a message without a channel goes to the server’s system channel', async () => {
  await post('down', { channel: undefined, important: true })
  await delivery.start()
  await settles(async () => expect(await delivery.standing(subject)).toEqual([{ channel: 'system', message: 'm1' }]))
  expect(texts()).toEqual(['system: down'])
})

describe('notes', () => {
  test('stand in one thread on the message, as plain lines, in the order in which they were written', async () => {
    await post('down')
    for (let at = 1; at <= 6; at += 1) await note(`note ${at}`)
    const second = make()
    await Promise.all([delivery.start(), second.start()])
    await settles(() => expect(discord.created).toHaveLength(7))
    expect(texts()).toEqual(['alerts: down', ...[1, 2, 3, 4, 5, 6].map((at) => `m1: note ${at}`)])
    expect([...discord.threads]).toEqual([['m1', { name: 'Incident 1', archived: false }]])
    expect(discord.created[1]!.body).toMatchObject({ embeds: [], components: [] })
  })

  test('open an archived thread again', async () => {
    await post('down')
    await note('one')
    await delivery.start()
    await settles(() => expect(discord.created).toHaveLength(2))
    discord.threads.get('m1')!.archived = true
    await note('two')
    await settles(() => expect(texts()).toEqual(['alerts: down', 'm1: one', 'm1: two']))
  })

  test('that mention somebody stand in the channel where there can be no thread; others are in the timeline alone', async () => {
    discord.before = async (what) => {
      if (what === 'thread') throw discordFault('Missing Permissions', { status: 403, code: 50013 })
    }
    await post('down')
    await note('acknowledged')
    await note('nobody came', ['71'])
    await delivery.start()
    await settles(() => expect(texts()).toEqual(['alerts: down', 'alerts: <@&71> nobody came']))
    expect(await delivery.refused('1')).toEqual([
      {
        channel: 'alerts',
        what: 'thread',
        reason: 'Helix may not use threads there: give it Create Public Threads and Send Messages in Threads.',
        times: 2,
        since: expect.any(Date),
      },
    ])
  })
})

describe('where Discord refuses', () => {
  const refuse = (code: number, where: (channel: string | undefined) => boolean) => {
    discord.before = async (_what, _message, channel) => {
      if (where(channel)) throw discordFault(`Discord says ${code}`, { status: code === 10003 ? 404 : 403, code })
    }
  }

  test.each([50013, 50001, 10003])('an important message goes to the system channel (%i), and it is told once', async (code) => {
    refuse(code, (channel) => channel === 'alerts')
    await post('down', { important: true, mentions: ['71'] })
    await delivery.start()
    await settles(() => expect(texts()).toEqual(['system: <@&71> down\nMeant for <#alerts>, where Helix cannot post.']))
    expect(await delivery.refused('1')).toMatchObject([{ channel: 'alerts', what: 'message', reason: `Discord says ${code}`, times: 1 }])
    await revise('up')
    await settles(() => expect(discord.history.get('m1')?.at(-1)).toContain('up'))
  })

  test('a message that loses its channel goes on in the system channel', async () => {
    await post('down', { important: true })
    await delivery.start()
    await settles(() => expect(texts()).toEqual(['alerts: down']))
    refuse(10003, (channel) => channel === 'alerts')
    await revise('up')
    await settles(() => expect(texts()).toEqual(['alerts: down', 'system: up\nMeant for <#alerts>, where Helix cannot post.']))
  })

  test('what can be shown nowhere waits, and is shown as it is by then; the refusals are over with it', async () => {
    refuse(50013, () => true)
    await post('down', { important: true })
    await delivery.start()
    await settles(async () => expect(await delivery.refused('1')).toHaveLength(2))
    await revise('still down')
    discord.before = async () => {}
    await settles(() => expect(texts()).toEqual(['alerts: still down']), 30_000)
    await settles(async () => expect(await delivery.refused('1')).toMatchObject([{ channel: undefined, what: 'message' }]))
  })

  test('says no longer where it was meant for once something is shown there again', async () => {
    refuse(50013, (channel) => channel === 'alerts')
    await post('down', { important: true })
    await delivery.start()
    await settles(() => expect(texts()).toEqual(['system: down\nMeant for <#alerts>, where Helix cannot post.']))
    discord.before = async () => {}
    const first = subject
    subject = randomUUID()
    await post('another')
    await settles(async () => expect(await delivery.refused('1')).toEqual([]))
    subject = first
    await revise('up')
    await settles(() => expect(discord.history.get('m1')?.at(-1)).toBe('up'))
  })

  test('nobody is mentioned any more by what was called off before it could be shown', async () => {
    refuse(50013, () => true)
    await post('down', { important: true, mentions: ['71'] })
    await note('nobody came', ['72'])
    await delivery.start()
    await settles(async () => expect(await delivery.refused('1')).toHaveLength(2))
    await inOne(async (tx) => {
      await delivery.callOff(tx, subject)
      await delivery.revise(tx, subject, report('resolved'), place)
    })
    discord.before = async () => {}
    await settles(() => expect(texts()).toEqual(['alerts: resolved', 'm1: nobody came']), 30_000)
    expect(discord.created.flatMap(({ body }) => body.mentions ?? [])).toEqual([])
  })

  test('a server without a system channel is told what to do', async () => {
    discord.system = undefined
    await post('down', { channel: undefined, important: true })
    await delivery.start()
    await settles(async () =>
      expect(await delivery.refused('1')).toMatchObject([{ channel: undefined, reason: expect.stringContaining('/alerts route add') }]),
    )
    discord.system = 'news'
    await settles(() => expect(texts()).toEqual(['news: down']), 30_000)
  })

  test('an important message that somebody deleted is posted anew with its next change, and nothing counts as refused', async () => {
    await post('down', { important: true, mentions: ['71'] })
    await delivery.start()
    await settles(() => expect(discord.created).toHaveLength(1))
    discord.history.delete('m1')
    await revise('worse')
    await settles(() => expect(texts()).toEqual(['alerts: <@&71> down', 'alerts: worse']))
    expect(await delivery.refused('1')).toEqual([])
  })

  test('a message that is not important is given up, and counted', async () => {
    refuse(50013, () => true)
    await post('down')
    await delivery.start()
    await settles(async () => expect(await delivery.refused('1')).toMatchObject([{ channel: 'alerts', times: 1 }]))
    await settles(async () => {
      const { gone } = await store.db.selectFrom('messages').select('gone').executeTakeFirstOrThrow()
      expect(gone).toBe('Discord says 50013')
    })
  })
})

describe('a message older than an hour', () => {
  const age = async () => {
    await settles(async () => expect(await delivery.standing(subject)).toHaveLength(1))
    await clock.turn(renewal.oldMs + 1)
  }
  const change = async (sentence: string, message: () => string) => {
    await revise(sentence)
    await settles(() => expect(discord.history.get(message())?.at(-1)).toContain(sentence), renewal.betweenOldEditsMs)
  }

  test('is edited in place while it changes now and then, and posted anew when it goes on changing', async () => {
    await post('0', { mentions: ['71'] })
    await delivery.start()
    await age()
    for (let at = 1; at <= renewal.mostOldEdits; at += 1) await change(`change ${at}`, () => 'm1')
    expect(discord.created).toHaveLength(1)
    await revise('the last')
    await settles(() => expect(texts().at(-1)).toBe('alerts: the last'))
    await settles(() => expect(discord.removed).toEqual(['m1']))
    expect(discord.created).toHaveLength(2)
  })

  test('is posted anew at the first such refusal, though Helix holds it to be younger', async () => {
    await post('0')
    await delivery.start()
    await settles(() => expect(texts()).toEqual(['alerts: 0']))
    discord.before = async (what, message) => {
      if (what === 'edit' && message === 'm1') {
        const fault = { status: 429, code: 30046, retryable: true, retryAfterMs: 60_000 }
        throw discordFault('Maximum number of edits to messages older than 1 hour reached', fault)
      }
    }
    await revise('1')
    await settles(() => expect(texts()).toEqual(['alerts: 0', 'alerts: 1']))
  })

  test('is posted anew at once where Discord limits its edits, and leaves its thread and a way on behind', async () => {
    await post('0')
    await note('a note')
    await delivery.start()
    await settles(() => expect(discord.created).toHaveLength(2))
    await age()
    discord.before = async (what) => {
      if (what !== 'edit') return
      discord.before = async () => {}
      throw discordFault('Maximum number of edits to messages older than 1 hour reached', {
        status: 429,
        retryable: true,
        retryAfterMs: 60_000,
      })
    }
    await revise('1')
    await settles(() => expect(texts().at(-1)).toBe('alerts: 1\nThread: <#m1>'))
    await settles(() => expect(discord.history.get('m1')?.at(-1)).toBe('This goes on in https://discord.com/channels/1/alerts/m3'))
    await note('after')
    await settles(() => expect(texts().at(-1)).toBe('m1: after'))
    expect(discord.removed).toEqual([])
  })
})
