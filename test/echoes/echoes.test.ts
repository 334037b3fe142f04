import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { forgetTold } from '#src/echoes/told.ts'
import { channels } from '#src/kernel/channels.ts'
import { discordFault } from '#test/delivery/discord-double.ts'
import { hurriedClock } from '#test/support/hurried-clock.ts'
import { redisServer } from '#test/support/redis.ts'
import { call, type EchoStage, echoStage } from './stage.ts'

const stream = channels.consciousness
vi.setConfig({ testTimeout: 90_000 })

let stage: EchoStage
beforeEach(async () => {
  stage = await echoStage()
})
afterEach(() => stage.stop())

const reading = (agent_id: string, consciousness_level: number) => ({
  agent_id,
  consciousness_level,
  ucf_metrics: { harmony: 7.2 },
  timestamp: '2026-11-21T10:00:00Z',
})
const bind = (mode: 'scoreboard' | 'changes' | 'digest' = 'changes', channel = 'c', of: string = stream) =>
  stage.echoes.bind(call, { stream: of, channel, mode })
const echoed = async () =>
  (await stage.echoes.list({ guild: '1' })).map(({ echoed, lost, unreadable, gaps }) => ({ echoed, lost, unreadable, gaps }))
/** How many changes these messages tell of. */
const toldIn = (texts: readonly string[]) =>
  texts.reduce((sum, text) => sum + (/^A change on /.test(text) ? 1 : Number(/^(\d+) changes on /m.exec(text)?.[1] ?? 0)), 0)
/** The stream has been read to its end and acknowledged. */
const isSettled = (of: string = stream) =>
  stage.eventually(async () => {
    const [group] = (await stage.redis.xinfo('GROUPS', `helix:stream:${of}`)) as unknown[][]
    const fields = Object.fromEntries(Array.from({ length: group!.length / 2 }, (_, at) => [group![2 * at], group![2 * at + 1]]))
    const [newest] = await stage.redis.xrevrange(`helix:stream:${of}`, '+', '-', 'COUNT', 1)
    expect(fields).toMatchObject({ pending: 0, 'last-delivered-id': newest?.[0] ?? '0-0' })
  })
/** Somebody reads it: what is published from now on is shown. */
const isRead = (of: string = stream) => stage.eventually(async () => expect(await stage.redis.exists(`helix:reader:${of}`)).toBe(1))

test('what is published on a bound stream stands in its scoreboard, edited in place, and is counted', async () => {
  const bot = await stage.bot()
  await bind()
  await stage.eventually(() => expect(stage.texts()).toEqual([expect.stringContaining('Nothing has come on consciousness:stream')]))
  await isRead()
  await bot.streams.publish(stream, reading('agent-1', 7.5))
  await bot.streams.publish(stream, reading('agent-2', 8))
  await stage.eventually(() =>
    expect(stage.texts()[0]).toMatch(/2 messages[\s\S]*Source \| Level \| Harmony \| UTC\nagent-2 \| 8 \| 7.2 \| [\d:]+\nagent-1 \| 7.5/),
  )
  await isSettled()
  expect(await echoed()).toEqual([{ echoed: 2, lost: 0, unreadable: 0, gaps: 0 }])
  expect(stage.discord.history.size).toBe(1)
})

test('a level that crosses the threshold is a message of its own, and so is its return', async () => {
  const bot = await stage.bot()
  await bind()
  await isRead()
  await bot.streams.publish(stream, reading('agent-1', 7.5))
  await bot.streams.publish(stream, reading('agent-1', 5.2))
  await stage.eventually(() => expect(stage.texts()[1]).toContain('agent-1 is low: at 5.2.'))
  await bot.streams.publish(stream, reading('agent-1', 5.95))
  await bot.streams.publish(stream, reading('agent-1', 6.4))
  await stage.eventually(() => expect(stage.texts()[2]).toContain('agent-1 is at 6.4 again.'))
})

test('what foreign publishers only PUBLISH is shown, and what is no message is counted', async () => {
  await stage.bot()
  await bind('scoreboard')
  await isRead()
  await stage.eventually(async () => expect(await stage.redis.exists(`helix:bridge:${stream}`)).toBe(1))
  await stage.redis.publish(stream, '{"level":6.5,"ucf":{"harmony":0.7}}')
  await stage.redis.publish(stream, 'no JSON')
  await stage.eventually(async () => expect(await echoed()).toEqual([{ echoed: 1, lost: 0, unreadable: 1, gaps: 0 }]))
  await stage.eventually(() => expect(stage.texts()[0]).toContain('1 message could not be read.'))
})

test('a stream or a channel that cannot be bound is refused with the reason, and nothing is left behind', async () => {
  await expect(bind('changes', 'c', 'nowhere')).rejects.toThrow('There is no stream “nowhere”')
  await expect(bind('changes', 'x')).rejects.toThrow('There is no text channel “x”')
  await bind()
  await expect(bind()).rejects.toThrow('is shown there already, as changes')
  expect((await bind('digest')).mode).toBe('digest')
  await expect(stage.echoes.unbind(call, { stream, channel: 'd' })).rejects.toThrow('is not shown there')
  expect(await stage.echoes.list({ guild: '1' })).toHaveLength(1)
  expect(await stage.echoes.list({ guild: '2' })).toEqual([])
})

test('what was unbound says so, is read no more, and begins anew when it is bound again', async () => {
  const bot = await stage.bot()
  await bind()
  await isRead()
  await bot.streams.publish(stream, reading('agent-1', 7))
  await isSettled()
  await stage.echoes.unbind(call, { stream, channel: 'c' })
  await stage.eventually(() => expect(stage.texts()[0]).toContain('Ada ended this'))
  await stage.eventually(async () => expect(await stage.redis.xinfo('GROUPS', `helix:stream:${stream}`)).toEqual([]))
  await bot.streams.publish(stream, reading('agent-1', 7))
  await bind()
  await isRead()
  await bot.streams.publish(stream, reading('agent-1', 7))
  await stage.eventually(async () => expect(await echoed()).toEqual([{ echoed: 1, lost: 0, unreadable: 0, gaps: 0 }]))
})

test('what was trimmed before it was read is shown as so many lost', async () => {
  const publisher = await stage.bot({ maxLength: 100 })
  await bind()
  await isRead()
  await publisher.streams.publish(stream, reading('agent-1', 7))
  await isSettled()
  await publisher.stop()
  // Nobody reads; the stream keeps 10 of 500.
  for (let n = 0; n < 500; n += 1) {
    await stage.redis.xadd(
      `helix:stream:${stream}`,
      'MAXLEN',
      10,
      '*',
      'json',
      JSON.stringify({ level: 7, n }),
      'n',
      await stage.redis.incr(`helix:count:${stream}`),
    )
  }
  await stage.bot()
  await stage.eventually(async () => expect(await echoed()).toEqual([{ echoed: 11, lost: 490, unreadable: 0, gaps: 0 }]))
  await stage.eventually(() => expect(stage.texts()[0]).toContain('490 messages were lost before Helix could read them.'))
  await stage.eventually(() => expect(stage.texts()[1]).toContain('490 messages were lost before Helix could read them.'))
})

test('a change that nobody tells at once is told with the others, and what there is no room for is counted', async () => {
  const bot = await stage.bot()
  await bind('changes', 'c', channels.agentTaskEvents)
  await isRead(channels.agentTaskEvents)
  const died = (n: number) => bot.streams.publish(channels.agentTaskEvents, { event: 'task_updated', task_id: `t${n}`, status: 'dead' })
  await died(0)
  await stage.eventually(() => expect(stage.texts()[1]).toContain('Task t0 is dead.'))
  for (let n = 1; n <= 200; n += 1) await died(n)
  await stage.eventually(() => expect(stage.texts().slice(2).join('\n')).toContain('Task t200 is dead.'))
  expect(stage.texts().join('\n')).toMatch(/Before these: \d+ more/)
  expect(toldIn(stage.texts())).toBe(201)
})

test('a digest says what came since the last one, by kind', async () => {
  await stage.stop()
  stage = await echoStage({ clock: hurriedClock(200) })
  const bot = await stage.bot()
  await bind('digest', 'c', channels.agentEvents)
  await isRead(channels.agentEvents)
  for (const event of ['agent_created', 'agent_created', 'agent_updated'])
    await bot.streams.publish(channels.agentEvents, { event, agent_id: 'a' })
  await stage.eventually(() =>
    expect(stage.texts()[1]).toMatch(
      /agent_events in the last 10 min: 3 messages, no changes.*\n[\s\S]*agent_created \| 2\nagent_updated \| 1/,
    ),
  )
})

test('any number of scoreboards in one channel cost one request a second, each has its turn', async () => {
  const bot = await stage.bot()
  const bound = [channels.agentEvents, channels.zapierEvents, channels.serviceHealth, stream]
  for (const each of bound) await bind('changes', 'c', each)
  for (const each of bound) await isRead(each)
  for (let n = 0; n < 60; n += 1) {
    for (const each of bound) await bot.streams.publish(each, { event: `e${n % 2}`, service: 's', status: n % 2 ? 'down' : 'healthy', n })
  }
  await stage.eventually(() =>
    expect(
      stage
        .texts()
        .slice(0, 4)
        .every((text) => text.includes('60 messages')),
    ).toBe(true),
  )
  const at = stage.requests.map((each) => each.at)
  expect(Math.min(...at.slice(1).map((each, index) => each - at[index]!))).toBeGreaterThanOrEqual(1_000)
})

test('where Discord refuses to post it is told in the list, tried again seldom, and all is shown when it is allowed', async () => {
  const bot = await stage.bot()
  await bind()
  await stage.eventually(() => expect(stage.texts()).toHaveLength(1))
  await isRead()
  const { before } = stage.discord
  let refused = 0
  stage.discord.before = async () => {
    refused += 1
    throw discordFault('Helix lacks a permission there (50013: Missing Permissions)', { status: 403, code: 50013 })
  }
  await bot.streams.publish(stream, reading('agent-1', 3))
  const trouble = async () => (await stage.echoes.list({ guild: '1' }))[0]?.trouble
  await stage.eventually(async () => expect(await trouble()).toContain('50013'))
  for (let n = 0; n < 20; n += 1) await bot.streams.publish(stream, reading('agent-2', n % 2 ? 3 : 8))
  await isSettled()
  // Asked again, and refused again.
  const until = refused + 1
  await stage.eventually(() => expect(refused).toBeGreaterThanOrEqual(until))
  expect(refused).toBeLessThan(10)
  stage.discord.before = before
  await stage.echoes.bind(call, { stream, channel: 'c', mode: 'changes' })
  await stage.eventually(async () => expect(await trouble()).toBeUndefined())
  await stage.eventually(() => expect(stage.texts().join('\n')).toContain('agent-2 is very low: at 3.'))
  await stage.eventually(() => expect(toldIn(stage.texts())).toBe(20))
  expect(await echoed()).toEqual([{ echoed: 21, lost: 0, unreadable: 0, gaps: 0 }])
})

test('a scoreboard that somebody deleted is posted anew', async () => {
  const bot = await stage.bot()
  await bind()
  await stage.eventually(() => expect(stage.texts()).toHaveLength(1))
  await isRead()
  stage.discord.history.set('m1', undefined!)
  stage.discord.history.delete('m1')
  await bot.streams.publish(stream, reading('agent-1', 7))
  await stage.eventually(() => expect(stage.texts().join()).toContain('1 message'))
})

test('while Redis is out of reach the scoreboard says so, and afterwards for how long it was, and what is missing', async () => {
  const bot = await stage.bot()
  await bind()
  await isRead()
  await bot.streams.publish(stream, reading('agent-1', 7))
  await isSettled()
  const { port } = new URL(stage.server.url)
  await stage.server.stop()
  await stage.eventually(() => expect(stage.texts()[0]).toContain('Redis cannot be reached since'))
  const again = await redisServer({ port: Number(port) })
  try {
    await stage.eventually(() => bot.streams.publish(stream, reading('agent-1', 7)))
    await stage.eventually(async () => expect(await echoed()).toEqual([{ echoed: 2, lost: 0, unreadable: 0, gaps: 1 }]))
    await stage.eventually(() => expect(stage.texts().join('\n')).toMatch(/Redis was out of reach for .*[\s\S]*1 gap is of unknown size/))
    await stage.eventually(() => expect(stage.texts()[0]).not.toContain('Redis cannot be reached'))
    await bot.stop()
  } finally {
    await again.stop()
  }
})

test('on the stand-in for Redis it is the same', async () => {
  await stage.stop()
  stage = await echoStage({ standIn: true })
  const bot = await stage.bot()
  await bind()
  await isRead()
  for (let n = 0; n < 30; n += 1) await bot.streams.publish(stream, reading(`agent-${n % 3}`, n % 2 ? 3 : 8))
  await stage.eventually(async () => expect(await echoed()).toEqual([{ echoed: 30, lost: 0, unreadable: 0, gaps: 0 }]))
  await isSettled()
  await stage.eventually(() => expect(stage.texts()[0]).toContain('30 messages'))
})

test('what was told is forgotten after an hour, a scoreboard never, and what is not shown yet neither', async () => {
  const bot = await stage.bot()
  await bind()
  await isRead()
  await bot.streams.publish(stream, reading('agent-1', 3))
  await stage.eventually(() => expect(stage.texts()).toHaveLength(2))
  const rows = () => stage.store.db.selectFrom('messages').select(['subject', 'shown']).execute()
  const [{ id: scoreboard } = { id: '' }] = await stage.echoes.list({ guild: '1' })
  await stage.eventually(async () => expect((await rows()).every(({ shown }) => shown > 0)).toBe(true))
  const change = (await rows()).find(({ subject }) => subject !== scoreboard)!.subject
  const forgotten = { forget: async (_: unknown, subjects: readonly string[]) => void told.push(...subjects) }
  const told: string[] = []
  const inTwoHours = new Date(Date.now() + 7_200_000 * 20)
  await stage.store.db.updateTable('living').set({ revision: 9 }).where('subject', '=', change).execute()
  await stage.store.db.updateTable('messages').set({ gone: 'held' }).where('subject', '=', change).execute()
  await forgetTold(stage.store, forgotten, inTwoHours)
  expect(told).toEqual([])
  await stage.store.db.updateTable('living').set({ revision: 1 }).where('subject', '=', change).execute()
  await forgetTold(stage.store, forgotten, inTwoHours)
  expect(told).toEqual([change])
})
