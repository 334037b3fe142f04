import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type BareBot, connectBareBot } from '../bare-bot.ts'
import { handClock } from '../hand-clock.ts'
import { type RunningDiscord, values } from '../running-discord.ts'
import { startVoiceDiscord } from './voice-stage.ts'

const bridge = '1100000000000000304'

interface Place {
  readonly endpoint: string
  readonly token: string
  readonly session: string
}

describe('the voice server refuses', () => {
  let discord: RunningDiscord
  let bot: BareBot
  let place: Place
  beforeAll(async () => {
    discord = await startVoiceDiscord()
    bot = await connectBareBot(discord.url)
    bot.identify()
    place = await invited(bot)
  })
  afterAll(async () => {
    bot.close()
    await discord.close()
  })

  const identify = (more: object = {}) => ({
    op: 0,
    d: {
      server_id: values.guildId,
      user_id: values.applicationId,
      session_id: place.session,
      token: place.token,
      max_dave_protocol_version: 1,
      ...more,
    },
  })
  const select = (protocol = 'udp', mode = 'aead_aes256_gcm_rtpsize') => ({
    op: 1,
    d: { protocol, data: { address: '127.0.0.1', port: 9, mode } },
  })

  test.for<[number, string, () => readonly (object | string)[]]>([
    [4001, 'an operation that there is not', () => [identify(), { op: 99, d: {} }]],
    [4001, 'an operation with another body', () => [identify(), { op: 23, d: 'x' }]],
    [4002, 'what is no JSON', () => ['{']],
    [4002, 'an identification that lacks something', () => [{ op: 0, d: {} }]],
    [4003, 'anything before that', () => [select()]],
    [4004, 'another token', () => [identify({ token: 'x' })]],
    [4004, 'another user', () => [identify({ user_id: '1' })]],
    [4005, 'a second identification', () => [identify(), identify()]],
    [4006, 'a session that it does not know', () => [identify({ session_id: 'x' })]],
    [4006, 'to resume what never was', () => [{ op: 7, d: { server_id: values.guildId, session_id: 'x', token: 'x' } }]],
    [4011, 'another server', () => [identify({ server_id: '1' })]],
    [4012, 'another protocol', () => [identify(), select('webrtc')]],
    [4016, 'an encryption that it does not know', () => [identify(), select('udp', 'xsalsa20_poly1305')]],
    [4017, 'a client without end-to-end encryption', () => [identify({ max_dave_protocol_version: 0 })]],
    [4020, 'a malformed heartbeat', () => [{ op: 3, d: 1 }]],
  ])('with %i %s', async ([code, , frames]) => {
    expect(await closedWith(place.endpoint, frames())).toBe(code)
  })

  test('with 4020 another version', async () => {
    expect(await closedWith(place.endpoint, [], 'v=7')).toBe(4020)
  })

  test('nobody who sends noise: it goes on', async () => {
    const socket = new WebSocket(`wss://${place.endpoint}?v=8`)
    await new Promise((resolve) => socket.once('open', resolve))
    socket.send(JSON.stringify(identify()))
    const ready = await new Promise<{ port: number; ssrc: number }>((resolve) => {
      socket.on('message', (data) => {
        const { op, d } = JSON.parse(String(data))
        if (op === 2) resolve(d)
      })
    })
    const udp = createSocket('udp4')
    for (const length of [0, 1, 8, 11, 12, 13, 30, 74, 75, 1_200]) udp.send(randomBytes(length), ready.port, '127.0.0.1')
    const rtp = Buffer.concat([Buffer.of(0x9f, 0x78), randomBytes(40)])
    rtp.writeUInt32BE(ready.ssrc, 8)
    udp.send(rtp, ready.port, '127.0.0.1')
    for (const op of [26, 28, 29]) socket.send(Buffer.concat([Buffer.of(op), randomBytes(100)]))
    expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(4001)
    udp.close()
    expect(await closedWith(place.endpoint, [identify(), { op: 99, d: {} }])).toBe(4001)
  })

  test('without a word who may not connect, a full channel, and a text channel', async () => {
    const wish = (channel_id: string) => bot.send(4, { guild_id: values.guildId, channel_id, self_mute: false, self_deaf: false })
    const before = bot.frames.filter(({ t }) => t === 'VOICE_STATE_UPDATE').length
    await discord.fault('revoke-permission', { channel: 'War room', permission: 'CONNECT' })
    wish('1100000000000000305')
    wish('1100000000000000301')
    wish('nonsense')
    bot.send(1)
    await bot.frame(11)
    expect(bot.frames.filter(({ t }) => t === 'VOICE_STATE_UPDATE').length).toBe(before)
  })
})

describe('the voice server, by its own time', () => {
  test('closes with 4009 what sends no heartbeat, and puts out of the channel who does not resume', async () => {
    const wire = handClock(new Date())
    const discord = await startVoiceDiscord({ wire })
    const bot = await connectBareBot(discord.url)
    bot.identify()
    const place = await invited(bot)
    const socket = new WebSocket(`wss://${place.endpoint}?v=8`)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    await new Promise((resolve) => socket.once('open', resolve))
    const { session: session_id, token } = place
    const d = { server_id: values.guildId, user_id: values.applicationId, session_id, token, max_dave_protocol_version: 1 }
    socket.send(JSON.stringify({ op: 0, d }))
    await new Promise((resolve) => socket.on('message', (data) => JSON.parse(String(data)).op === 2 && resolve(undefined)))
    await wire.turn(13_750 * 1.5)
    expect(await closed).toBe(4009)
    const told = bot.nth('VOICE_STATE_UPDATE', 1)
    await wire.slept(30_000)
    await wire.turn(30_000)
    expect((await told).d).toMatchObject({ channel_id: null })
    bot.close()
    await discord.close()
  })
})

async function invited(bot: BareBot): Promise<Place> {
  await bot.frame('GUILD_CREATE')
  bot.send(4, { guild_id: values.guildId, channel_id: bridge, self_mute: false, self_deaf: false })
  const { d: state } = await bot.frame('VOICE_STATE_UPDATE')
  const { d: server } = await bot.frame('VOICE_SERVER_UPDATE')
  return { endpoint: server.endpoint, token: server.token, session: state.session_id }
}

async function closedWith(endpoint: string, frames: readonly (object | string)[], query = 'v=8'): Promise<number> {
  const socket = new WebSocket(`wss://${endpoint}?${query}`)
  socket.on('open', () => {
    for (const frame of frames) socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  })
  return new Promise((resolve) => socket.once('close', resolve))
}
