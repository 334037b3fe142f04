import { VoiceConnectionStatus as Status, type VoiceConnection } from '@discordjs/voice'
import { type Client, Events } from 'discord.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunningDiscord } from '../running-discord.ts'
import { encrypted, type Joined, joinVoice, opusPackets, speak, startVoiceDiscord } from './voice-stage.ts'

const ada = '1100000000000000401'

describe('what unmodified @discordjs/voice survives', () => {
  let discord: RunningDiscord
  let bot: Client<true>
  let joined: Joined
  beforeEach(async () => {
    discord = await startVoiceDiscord()
    bot = await discord.bot()
    joined = await joinVoice(bot, 'Bridge')
    await hears()
  })
  afterEach(() => discord.close())

  async function hears(count = 8) {
    const before = joined.packets(ada).length
    const said = opusPackets(count)
    await speak(discord, 'playground-admin', said)
    expect((await joined.received(ada, before + count)).slice(before)).toEqual(said)
  }
  const channelOf = () => bot.guilds.cache.first()?.members.me?.voice.channel?.name
  const next = (status: Status, { connection }: { connection: VoiceConnection } = joined) =>
    new Promise<{ closeCode?: number }>((resolve) => connection.once(status, (_, state) => resolve(state)))

  test.for(['cut', '4015'])('a voice connection that breaks (%s) is resumed, and loses no packet', async (how) => {
    const said = opusPackets(40)
    const before = joined.packets(ada).length
    const speaking = speak(discord, 'playground-admin', said)
    await joined.received(ada, before + 5)
    const [again] = [next(Status.Ready), await discord.fault('voice-drop', { how })]
    await Promise.all([again, speaking])
    const heard = (await joined.received(ada, before + 40)).slice(before)
    // While it resumes, the library hands on what comes without decrypting it; how many that are is a matter of how busy the machine is.
    expect(heard.filter((packet, index) => !packet.equals(said[index]!) && !encrypted(packet))).toEqual([])
    expect(joined.debug.some((line) => line.includes('"op":9'))).toBe(true)
  })

  test('a session that is no longer valid (4006) is replaced: it joins anew by itself', async () => {
    const again = next(Status.Ready)
    await discord.fault('voice-invalid')
    await again
    await hears()
  })

  test('put out of its channel (4014) it stays out, until it is told to rejoin', async () => {
    const out = next(Status.Disconnected)
    await discord.fault('voice-kick')
    expect(await out).toMatchObject({ closeCode: 4014 })
    await expect.poll(channelOf).toBe(undefined)
    const again = next(Status.Ready)
    joined.connection.rejoin()
    await again
    await hears()
  })

  test('moved to another channel it follows, and hears who is there', async () => {
    const again = next(Status.Ready)
    await discord.fault('voice-move', { channel: 'War room' })
    await again
    expect(channelOf()).toBe('War room')
    const before = joined.packets(ada).length
    await speak(discord, 'playground-admin', opusPackets(5), 'War room')
    await joined.received(ada, before + 5)
  })

  test('it moves by itself as well', async () => {
    const again = next(Status.Ready)
    joined.connection.rejoin({ channelId: '1100000000000000305', selfDeaf: false, selfMute: false })
    await again
    const before = joined.packets(ada).length
    await speak(discord, 'playground-admin', opusPackets(5), 'War room')
    await joined.received(ada, before + 5)
  })

  test('a voice server that goes away is replaced by another', async () => {
    const out = next(Status.Disconnected)
    const again = next(Status.Ready)
    await discord.fault('voice-server-change', { afterMs: 100 })
    await out
    await again
    await hears()
  })

  test('the main gateway may break and resume meanwhile', async () => {
    const resumed = new Promise((resolve) => bot.once(Events.ShardResume, resolve))
    await discord.fault('drop-gateway')
    await hears()
    await resumed
    expect(joined.connection.state.status).toBe(Status.Ready)
  })

  test('a main session that is lost takes the voice session with it (4014)', async () => {
    const out = next(Status.Disconnected)
    await discord.fault('invalid-session')
    await out
  })

  test('it leaves, and everybody sees it', async () => {
    const user = await discord.user('playground-viewer')
    joined.connection.destroy()
    await expect
      .poll(() => user.events.filter(({ t }) => t === 'VOICE_STATE_UPDATE').at(-1)?.d)
      .toMatchObject({ user_id: bot.user.id, channel_id: null })
    expect(discord.emulator.state()).toMatchObject({ voice: { states: [{ user_id: ada }] } })
  })
})
