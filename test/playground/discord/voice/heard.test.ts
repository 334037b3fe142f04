import { Readable } from 'node:stream'
import { AudioPlayerStatus, createAudioPlayer, createAudioResource, entersState, StreamType, type VoiceConnection } from '@discordjs/voice'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { opusPacketsOf } from '#src/speech/ogg-reader.ts'
import { opusSamples } from '#src/speech/opus-packet.ts'
import type { RunningDiscord } from '../running-discord.ts'
import { ask, joinVoice, opusPackets, sounds, speak, startVoiceDiscord } from './voice-stage.ts'

const ada = '1100000000000000401'
const bridge = '1100000000000000304'

async function play(connection: VoiceConnection, packets: readonly Uint8Array[]): Promise<void> {
  const player = createAudioPlayer()
  const subscription = connection.subscribe(player)
  player.play(createAudioResource(Readable.from(packets.map((packet) => Buffer.from(packet))), { inputType: StreamType.Opus }))
  await entersState(player, AudioPlayerStatus.Playing, 2_000)
  await entersState(player, AudioPlayerStatus.Idle, 8_000)
  subscription?.unsubscribe()
}

/** What the stream of events says, as it comes. */
async function events(discord: RunningDiscord, signal: AbortSignal) {
  const response = await fetch(`${discord.url}/playground/voice/events`, { signal })
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever is said
  const seen: any[] = []
  const read = async () => {
    const text = new TextDecoder()
    for await (const chunk of response.body!)
      for (const line of text.decode(chunk).matchAll(/^data: (.*)$/gm)) seen.push(JSON.parse(line[1]!))
  }
  read().catch(() => {}) // Ended by the test.
  return seen
}

describe('what is said in a voice channel', () => {
  let discord: RunningDiscord
  beforeEach(async () => {
    discord = await startVoiceDiscord()
  })
  afterEach(() => discord.close())

  test.for([true, false])('by the bot is heard packet by packet, and can be played (end-to-end encrypted: %s)', async (encrypted) => {
    await discord.close()
    discord = await startVoiceDiscord({ voice: { encrypted } })
    await ask(discord, 'join', { account: 'playground-admin' })
    const { connection } = await joinVoice(await discord.bot(), 'Bridge', { dave: encrypted })
    await speak(discord, 'playground-admin', opusPackets(1))
    const ended = new AbortController()
    const seen = await events(discord, ended.signal)
    const said = await sounds.say('all is well')
    await play(connection, said)
    await expect.poll(() => seen.at(-1)?.type, { timeout: 5_000 }).toBe('heard')
    const [heard] = (await ask(discord, 'heard')).body
    expect(heard).toMatchObject({ channel: bridge, words: 'all is well', durationMs: said.length * 20 })
    const file = await fetch(discord.url + heard.audio)
    expect(file.headers.get('content-type')).toBe('audio/ogg')
    expect(opusPacketsOf(new Uint8Array(await file.arrayBuffer()))?.map((packet) => Buffer.from(packet))).toEqual(
      said.map((packet) => Buffer.from(packet)),
    )
    expect(seen.map(({ type, on }) => on ?? type)).toEqual(['now', true, false, 'heard'])
    ended.abort()
  })

  test('by the bot to an empty channel nobody heard', async () => {
    const { connection } = await joinVoice(await discord.bot(), 'Bridge')
    await play(connection, opusPackets(5))
    expect((await ask(discord, 'heard')).body).toEqual([])
    expect((await ask(discord, 'heard/9.ogg')).status).toBe(404)
  })

  test('by a member in words comes in real time, and is known again by its packets', async () => {
    const joined = await joinVoice(await discord.bot(), 'War room')
    const began = performance.now()
    const { body } = await ask(discord, 'speak', { account: 'playground-operator', words: 'helix, restart the voice processor' })
    expect(body).toMatchObject({ channel: '1100000000000000305', interrupted: false })
    expect(performance.now() - began).toBeGreaterThanOrEqual(body.durationMs)
    const speech = await sounds.say('helix, restart the voice processor')
    const packets = await joined.received('1100000000000000403', speech.filter((packet) => !isSilence(packet)).length)
    expect(sounds.wordsOf(packets)).toBe('helix, restart the voice processor')
  })

  test('by a member through a microphone goes out in packets of 20 ms, while it is recorded', async () => {
    const joined = await joinVoice(await discord.bot(), 'Bridge')
    await ask(discord, 'join', { account: 'playground-admin' })
    const recording = webmOf(opusPackets(30))
    const socket = new WebSocket(`${discord.url.replace('http', 'ws')}/playground/voice/microphone?account=playground-admin`)
    await new Promise((resolve) => socket.once('open', resolve))
    for (let at = 0; at < recording.length; at += 333) socket.send(recording.subarray(at, at + 333))
    await joined.received(ada, 10)
    socket.close(1000)
    expect((await joined.received(ada, 30)).every((packet) => opusSamples(packet) === 960)).toBe(true)
  })

  test('by a member waits for what they are saying, and not for ever more', async () => {
    const long = { account: 'playground-admin', words: 'one two three four five six', wait: false }
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(discord, 'speak', long)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(8)
    expect(await ask(discord, 'speak', long)).toMatchObject({
      body: { message: expect.stringContaining('much to say') },
    })
  })

  test.for<[string, object]>([
    ['somebody unknown', { account: 'nobody', words: 'hello' }],
    ['the bot itself', { account: '1100000000000000500', words: 'hello' }],
    ['neither words nor audio', { account: 'playground-admin' }],
    ['both', { account: 'playground-admin', words: 'hello', audio: 'aGk=' }],
    ['what is no audio', { account: 'playground-admin', audio: 'aGk=' }],
    ['a channel that there is not', { account: 'playground-admin', words: 'hello', channel: 'general' }],
    ['too many words', { account: 'playground-admin', words: 'x'.repeat(2_001) }],
  ])('is refused in a sentence: %s', async ([, body]) => {
    expect(await ask(discord, 'speak', body)).toMatchObject({ body: { message: expect.stringMatching(/^[A-Z].*\.$/) } })
    expect((discord.emulator.state() as { voice: { states: unknown[] } }).voice.states).toEqual([])
  })

  test('is refused to who is muted, and to who may not speak', async () => {
    const user = await discord.user('playground-viewer')
    user.voice('Bridge')
    await expect.poll(() => user.events.some(({ t }) => t === 'VOICE_STATE_UPDATE')).toBe(true)
    user.voice('Bridge', { mute: true })
    await expect.poll(async () => (await ask(discord, 'speak', { account: user.name, words: 'hello' })).body.message).toMatch(/muted/)
    user.close()
    await expect.poll(() => (discord.emulator.state() as { voice: { states: unknown[] } }).voice.states).toEqual([])
  })
})

const isSilence = (packet: Uint8Array) => Buffer.from(packet).equals(Buffer.from([0xf8, 0xff, 0xfe]))

/** As a browser records it: sizes of clusters and of the segment are unknown. */
function webmOf(packets: readonly Buffer[]): Buffer {
  const element = (id: string, content: Buffer) => Buffer.concat([Buffer.from(id, 'hex'), sizeOf(content.length), content])
  const blocks = packets.map((packet, index) => {
    const head = Buffer.alloc(4)
    head[0] = 0x81
    head.writeInt16BE(index * 20, 1)
    return element('a3', Buffer.concat([head, packet]))
  })
  const unknown = Buffer.from('01ffffffffffffff', 'hex')
  const cluster = Buffer.concat([Buffer.from('1f43b675', 'hex'), unknown, element('e7', Buffer.of(0)), ...blocks])
  return Buffer.concat([element('1a45dfa3', element('4282', Buffer.from('webm'))), Buffer.from('18538067', 'hex'), unknown, cluster])
}

function sizeOf(length: number): Buffer {
  const size = Buffer.alloc(8)
  size.writeBigUInt64BE(BigInt(length))
  size[0] = 0x01
  return size
}
