import { type Client, Events } from 'discord.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connectBareBot } from './bare-bot.ts'
import { handClock } from './hand-clock.ts'
import { type RunningDiscord, startDiscord, values } from './running-discord.ts'

const echo = (client: Client) =>
  client.on(Events.InteractionCreate, (interaction) => {
    if (interaction.isChatInputCommand()) void interaction.reply('here')
  })
const command = { name: 'ping', description: 'Pings' }
const next = (client: Client, event: string) => new Promise<unknown[]>((resolve) => client.once(event, (...all) => resolve(all)))

describe('the gateway, and unmodified discord.js after a fault', () => {
  let discord: RunningDiscord
  let bot: Client<true>
  beforeEach(async () => {
    discord = await startDiscord()
    bot = await discord.bot(echo)
    await bot.application.commands.set([command], values.guildId)
  })
  afterEach(() => discord.close())

  test.for([{ code: 4000 }, { code: 1001 }, {}])('resumes after a drop with %o, missing nothing', async (body) => {
    const user = await discord.user()
    const resumed = next(bot, Events.ShardResume)
    await discord.fault('drop-gateway', body)
    const [answer, [shard, replayed]] = await Promise.all([user.slash('ping'), resumed])
    expect(answer.text).toBe('here')
    expect(shard).toBe(0)
    expect(replayed).toBeGreaterThanOrEqual(1)
  })

  test('resumes when told to reconnect (op 7)', async () => {
    const resumed = next(bot, Events.ShardResume)
    await discord.fault('reconnect')
    await resumed
  })

  test('resumes on the same connection when its session is declared invalid but resumable (op 9 true)', async () => {
    const resumed = next(bot, Events.ShardResume)
    await discord.fault('invalid-session', { resumable: true })
    await resumed
  })

  test('begins a new session when its own is declared invalid (op 9 false)', async () => {
    const ready = next(bot, Events.ShardReady)
    await discord.fault('invalid-session')
    await ready
    const user = await discord.user()
    expect((await user.slash('ping')).text).toBe('here')
  })

  test.for([4004, 4013, 4014])('stops for good after close code %i', async (code) => {
    const lost = next(bot, Events.ShardDisconnect)
    await discord.fault('drop-gateway', { code })
    expect(await lost).toMatchObject([{ code }, 0])
  })
})

test('a gateway that falls silent is noticed by discord.js, which resumes', async () => {
  const discord = await startDiscord({ heartbeatMs: 200 })
  const bot = await discord.bot(echo)
  const resumed = next(bot, Events.ShardResume)
  await discord.fault('silence-gateway')
  await resumed
  await discord.close()
})

describe('the gateway refuses', () => {
  const wire = handClock()
  let discord: RunningDiscord
  beforeEach(async () => {
    discord = await startDiscord({ wire, maxConcurrency: 1 })
    await wire.turn(10_000)
  })
  afterEach(() => discord.close())

  test.for<[number, string, (bot: Awaited<ReturnType<typeof connectBareBot>>) => unknown]>([
    [4001, 'an operation that does not exist', (bot) => [bot.identify(), bot.send(99)]],
    [4002, 'what is not JSON', (bot) => bot.raw('{')],
    [4002, 'more than 4096 bytes', (bot) => bot.send(1, 'x'.repeat(4096))],
    [4003, 'anything before identify', (bot) => bot.send(3, {})],
    [4004, 'a wrong token', (bot) => bot.identify({ token: 'nobody' })],
    [4005, 'a second identify', (bot) => [bot.identify(), bot.identify()]],
    [4008, 'more than 120 sends a minute', (bot) => Array.from({ length: 121 }, () => bot.send(1))],
    [4010, 'a shard that cannot be', (bot) => bot.identify({ shard: [2, 2] })],
    [4013, 'an intent that does not exist', (bot) => bot.identify({ intents: 1 << 30 })],
    [4014, 'an intent that was not granted', (bot) => bot.identify({ intents: 1 << 15 })],
  ])('with %i %s', async ([code, , act]) => {
    const bot = await connectBareBot(discord.url)
    act(bot)
    expect(await bot.closed()).toBe(code)
  })

  test('with 4012 another version of itself', async () => {
    const bot = await connectBareBot(discord.url, 'v=8')
    expect(await bot.closed()).toBe(4012)
  })

  test('with 4007 a resume from a sequence that never was', async () => {
    const first = await connectBareBot(discord.url)
    first.identify()
    const { d } = await first.frame('READY')
    first.close(4200)
    const second = await connectBareBot(discord.url)
    second.send(6, { token: values.botToken, session_id: d.session_id, seq: 1000 })
    expect(await second.closed()).toBe(4007)
  })

  test('with 4009 a client that does not beat', async () => {
    const bot = await connectBareBot(discord.url)
    await wire.turn(41_250 * 1.5)
    expect(await bot.closed()).toBe(4009)
  })

  test('a second identify within five seconds (op 9), and takes it after them', async () => {
    const first = await connectBareBot(discord.url)
    first.identify()
    await first.frame('READY')
    const second = await connectBareBot(discord.url)
    second.identify()
    expect((await second.frame(9)).d).toBe(false)
    await wire.turn(5_001)
    second.identify()
    await second.frame('READY')
  })

  test.for([1000, 1001])('to resume a session that its client closed with %i', async (code) => {
    const first = await connectBareBot(discord.url)
    first.identify()
    const { d } = await first.frame('READY')
    first.close(code)
    await first.closed()
    const second = await connectBareBot(discord.url)
    second.send(6, { token: values.botToken, session_id: d.session_id, seq: 1 })
    expect((await second.frame(9)).d).toBe(false)
  })

  test('to resume after five minutes', async () => {
    const first = await connectBareBot(discord.url)
    first.identify()
    const { d } = await first.frame('READY')
    first.close(4200)
    await first.closed()
    await wire.turn(300_000)
    const second = await connectBareBot(discord.url)
    second.send(6, { token: values.botToken, session_id: d.session_id, seq: 1 })
    expect((await second.frame(9)).d).toBe(false)
  })

  test('nothing of another shard: the guild is on the one that its id names', async () => {
    const home = Number((BigInt(values.guildId) >> 22n) % 2n)
    const away = await connectBareBot(discord.url)
    away.identify({ shard: [1 - home, 2] })
    expect((await away.frame('READY')).d.guilds).toEqual([])
    await wire.turn(5_001)
    const there = await connectBareBot(discord.url)
    there.identify({ shard: [home, 2] })
    await there.frame('GUILD_CREATE')
  })

  test('messages to a bot without their intent; interactions need none', async () => {
    const bot = await connectBareBot(discord.url)
    bot.identify()
    await bot.frame('GUILD_CREATE')
    const reader = await connectBareBot(discord.url)
    await wire.turn(5_001)
    reader.identify({ intents: 1 | 512 })
    await reader.frame('GUILD_CREATE')
    const user = await discord.user()
    await user.say('hello')
    // Without the Message Content intent the content is blank.
    expect((await reader.frame('MESSAGE_CREATE')).d.content).toBe('')
    expect(bot.frames.map(({ t }) => t)).not.toContain('MESSAGE_CREATE')
  })
})
