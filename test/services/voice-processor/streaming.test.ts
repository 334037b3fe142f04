import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { opusPacketsOf } from '#src/speech/ogg-reader.ts'
import { audioFrame, type ClientMessage, type ServiceMessage } from '#src/speech/wire.ts'
import { handClock } from '#test/playground/discord/hand-clock.ts'
import { tokenFor, tokensOf } from '#test/support/service.ts'
import { clip, type RunningVoice, sentence, startVoice } from './running.ts'

const packets = opusPacketsOf(clip)!
const clock = handClock()
const limits = { connections: 3, utterances: 2, flood: { burst: 600, perSecond: 1 }, idleMs: 60_000, pingMs: 30_000, authMs: 5_000 }
let voice: RunningVoice
beforeAll(async () => {
  voice = await startVoice({ limits, clock })
})
afterAll(() => voice.stop())

interface Line {
  readonly socket: WebSocket
  say(message: ClientMessage): void
  audio(utterance: number, given?: readonly Uint8Array[]): void
  /** The next message that fits. */
  next(fits: (message: ServiceMessage) => boolean): Promise<ServiceMessage>
  /** Code and reason. */
  readonly closed: Promise<[number, string]>
}

const open: WebSocket[] = []
afterEach(async () => {
  for (const socket of open.splice(0)) {
    if (socket.readyState === socket.CLOSED) continue
    socket.terminate()
    await once(socket, 'close')
  }
  await voice.google.fault('clear')
})

async function connect(headers: Readonly<Record<string, string>> = { authorization: `Bearer ${tokenFor({ sub: 'bot' })}` }): Promise<Line> {
  const socket = new WebSocket(`${voice.url.replace('http', 'ws')}/ws/transcribe`, { headers })
  open.push(socket)
  const heard: ServiceMessage[] = []
  let wake = Promise.withResolvers<void>()
  socket.on('message', (data) => {
    heard.push(JSON.parse(data.toString()))
    wake.resolve()
    wake = Promise.withResolvers()
  })
  const closed = new Promise<[number, string]>((resolve) => socket.once('close', (code, reason) => resolve([code, reason.toString()])))
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return {
    socket,
    closed,
    say: (message) => socket.send(JSON.stringify(message)),
    audio: (utterance, given = packets) => {
      for (const packet of given) socket.send(audioFrame(utterance, packet))
    },
    async next(fits) {
      for (;;) {
        const at = heard.findIndex(fits)
        if (at >= 0) return heard.splice(0, at + 1).at(-1)!
        await wake.promise
      }
    },
  }
}

const isLast = (utterance: number) => (message: ServiceMessage) =>
  (message.type === 'final' || message.type === 'error') && message.utterance === utterance
const isReady = ({ type }: ServiceMessage) => type === 'ready'

describe('utterances', () => {
  test('interim transcripts while it is spoken, then the final one', async () => {
    const line = await connect()
    await line.next(isReady)
    line.say({ type: 'start', utterance: 7, language: 'en-US', phrases: ['health', { phrase: 'voice processor', boost: 15 }] })
    line.audio(7)
    expect(await line.next(({ type }) => type === 'interim')).toMatchObject({
      utterance: 7,
      text: expect.stringMatching(/^Helix/),
      confidence: 0,
    })
    line.say({ type: 'end', utterance: 7 })
    expect(await line.next(isLast(7))).toEqual({ type: 'final', utterance: 7, text: sentence, confidence: 0.95, language: 'en-US' })
  })

  test('two at once do not mix; a third is refused until one is over', async () => {
    const line = await connect()
    await voice.google.say('what nobody knows')
    const unknown = packets.map((packet) => Uint8Array.from([...packet, 0]))
    line.say({ type: 'start', utterance: 1 })
    line.say({ type: 'start', utterance: 2 })
    line.say({ type: 'start', utterance: 3 })
    expect(await line.next(isLast(3))).toMatchObject({ type: 'error', detail: expect.stringContaining('At most 2'), retryable: false })
    for (const [index, packet] of packets.entries()) {
      line.audio(1, [packet])
      line.audio(2, [unknown[index]!])
    }
    line.say({ type: 'end', utterance: 2 })
    expect(await line.next(isLast(2))).toMatchObject({ text: 'what nobody knows' })
    line.say({ type: 'end', utterance: 1 })
    expect(await line.next(isLast(1))).toMatchObject({ text: sentence })
    line.say({ type: 'start', utterance: 3 })
    line.say({ type: 'end', utterance: 3 })
    expect(await line.next(isLast(3))).toEqual({ type: 'final', utterance: 3, text: '', confidence: 0, language: 'en-US' })
  })

  test('what is cancelled says nothing more; late packets are nobody’s', async () => {
    const line = await connect()
    line.say({ type: 'start', utterance: 1 })
    line.audio(1)
    line.say({ type: 'cancel', utterance: 1 })
    line.audio(1, packets.slice(0, 10))
    line.say({ type: 'end', utterance: 1 })
    line.say({ type: 'start', utterance: 2 })
    line.audio(2, packets)
    line.say({ type: 'end', utterance: 2 })
    expect(await line.next((message) => message.type === 'final')).toMatchObject({ utterance: 2, text: sentence })
  })

  test('the end of one that never began is an error; of one that ended by itself it is not', async () => {
    const line = await connect()
    await line.next(isReady)
    line.say({ type: 'end', utterance: 5 })
    expect(await line.next(isLast(5))).toEqual({ type: 'error', utterance: 5, detail: 'There is no such utterance.', retryable: false })
    await voice.google.fault('cut-stream', { next: 1 })
    line.say({ type: 'start', utterance: 6 })
    line.audio(6)
    expect(await line.next(isLast(6))).toMatchObject({ type: 'error', retryable: true })
    line.say({ type: 'end', utterance: 6 })
    line.say({ type: 'end', utterance: 7 })
    expect(await line.next((message) => message.type === 'error')).toMatchObject({ utterance: 7 })
  })
  test('a stream that Google cuts is an error of that utterance, and the connection stays', async () => {
    const line = await connect()
    await voice.google.fault('cut-stream', { next: 1 })
    line.say({ type: 'start', utterance: 1 })
    line.audio(1)
    expect(await line.next(isLast(1))).toEqual({
      type: 'error',
      utterance: 1,
      detail: 'Google Speech cannot be reached.',
      retryable: true,
      code: 14,
    })
    line.say({ type: 'start', utterance: 1 })
    line.audio(1)
    line.say({ type: 'end', utterance: 1 })
    expect(await line.next(isLast(1))).toMatchObject({ text: sentence })
  })
})

describe('who may', () => {
  test('a token in the first message, of a user or of a service', async () => {
    for (const token of [tokenFor({ sub: 'bot' }), await tokensOf('bot', clock).forService('voice-processor')]) {
      const line = await connect({})
      line.say({ type: 'auth', token })
      expect(await line.next(isReady)).toEqual({ type: 'ready' })
    }
  })
  test.each<[string, ClientMessage | Uint8Array, string]>([
    [
      'a token of somebody else',
      { type: 'auth', token: tokenFor({ sub: 'x' }, 'another secret that is long enough') },
      'signed by somebody else',
    ],
    ['an expired token', { type: 'auth', token: tokenFor({ sub: 'x', exp: 1_000 }) }, 'expired'],
    ['a viewer', { type: 'auth', token: tokenFor({ sub: 'x', role: 'viewer' }) }, 'role operator'],
    ['an utterance without a token', { type: 'start', utterance: 1 }, 'first message'],
    ['audio without a token', audioFrame(1, packets[0]!), 'first message'],
  ])('%s: closed with 1008', async (_what, first, words) => {
    const line = await connect({})
    line.socket.send(first instanceof Uint8Array ? first : JSON.stringify(first))
    expect(await line.closed).toEqual([1008, expect.stringContaining(words)])
  })
  test('a bad token in the header: 401', async () => {
    await expect(connect({ authorization: 'Bearer nonsense' })).rejects.toThrow('401')
  })
  test('no token in time: closed', async () => {
    const line = await connect({})
    await clock.slept(5_000)
    await clock.turn(5_000)
    expect(await line.closed).toEqual([1008, 'No token came in time.'])
  })
  test('a token that expires ends the connection', async () => {
    const line = await connect({ authorization: `Bearer ${tokenFor({ sub: 'x', exp: clock.now().getTime() / 1_000 + 20 })}` })
    await line.next(isReady)
    await clock.turn(5_000)
    await clock.slept(30_000)
    await clock.turn(30_000)
    expect(await line.closed).toEqual([1008, 'The token has expired.'])
  })
})

describe('bounds', () => {
  test.each<[string, string | Uint8Array, number]>([
    ['a packet that is no Opus packet by its size', audioFrame(1, new Uint8Array(4_097)), 1009],
    ['a message over 64 KB', JSON.stringify({ type: 'start', utterance: 1, language: 'x'.repeat(70_000) }), 1009],
    ['a packet without a number', Uint8Array.of(1, 2, 3), 1003],
  ])('%s: closed', async (_what, message, code) => {
    const line = await connect()
    await line.next(isReady)
    line.socket.send(message)
    expect((await line.closed)[0]).toBe(code)
  })
  test.each(['nonsense', '{"type":"dance"}', '{"type":"start","utterance":-1}', '{"type":"start","utterance":1,"language":"§"}'])(
    '%s is answered with an error, and nothing happens',
    async (text) => {
      const line = await connect()
      line.socket.send(text)
      expect(await line.next(({ type }) => type === 'error')).toMatchObject({ detail: 'This message is not understood.' })
    },
  )
  test('a flood: closed', async () => {
    const line = await connect()
    await line.next(isReady)
    for (let count = 0; count < 700; count++) line.audio(9, [packets[0]!])
    expect(await line.closed).toEqual([1008, 'Too many messages.'])
  })
  test('a connection on which nothing is said: closed', async () => {
    const line = await connect()
    await line.next(isReady)
    await clock.turn(5_000)
    for (let count = 0; count < 2; count++) {
      await clock.slept(30_000)
      const pinged = once(line.socket, 'ping')
      if (count === 0) {
        await clock.turn(30_000)
        await pinged
      }
    }
    await clock.turn(30_000)
    expect(await line.closed).toEqual([1000, 'Nothing was said for long.'])
  })
  test('more connections than there may be: 503', async () => {
    await Promise.all([connect(), connect(), connect()])
    await expect(connect()).rejects.toThrow('503')
  })
})
