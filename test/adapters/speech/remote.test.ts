import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createRemoteTranscriber } from '#src/adapters/speech/create-remote-transcriber.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { opusPacketsOf } from '#src/speech/ogg-reader.ts'
import type { Transcriber, Transcript, UtteranceStream } from '#src/speech/transcriber.ts'
import { tokenFor, tokensOf } from '#test/support/service.ts'
import { clip, type RunningVoice, sentence, startVoice } from '../../services/voice-processor/running.ts'

const packets = opusPacketsOf(clip)!
const english = { language: 'en-US' }
const ogg = { bytes: clip, encoding: 'ogg-opus', sampleRate: 48_000, channels: 1 } as const
let voice: RunningVoice
beforeAll(async () => {
  voice = await startVoice({ limits: { utterances: 3 } })
})
afterAll(() => voice.stop())

const open: Transcriber[] = []
afterEach(async () => {
  await voice.google.fault('clear')
  for (const transcriber of open.splice(0)) await transcriber.close()
})

function remote(url = voice.url, token = () => tokensOf('bot').forService('voice-processor')): Transcriber {
  const transcriber = createRemoteTranscriber({ url, token })
  open.push(transcriber)
  return transcriber
}

function say(transcriber: Transcriber, given: readonly Uint8Array[] = packets): UtteranceStream {
  const utterance = transcriber.stream(english)
  for (const packet of given) utterance.write(packet)
  return utterance
}

async function all(utterance: UtteranceStream): Promise<readonly Transcript[]> {
  const transcripts: Transcript[] = []
  for await (const transcript of utterance.transcripts) transcripts.push(transcript)
  return transcripts
}

async function fault(asked: Promise<unknown>) {
  const error = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(UpstreamError)
  return { ...(error as UpstreamError).fault, message: (error as UpstreamError).message }
}

describe('a Transcriber over the real voice-processor', () => {
  test('what is written before the connection stands is heard from its first word', async () => {
    const utterance = say(remote())
    utterance.end()
    const transcripts = await all(utterance)
    expect(transcripts.at(-1)).toEqual({ text: sentence, confidence: 0.95, isFinal: true, language: 'en-US' })
    for (const { isFinal } of transcripts.slice(0, -1)) expect(isFinal).toBe(false)
  })
  test('several utterances on one connection', async () => {
    const transcriber = remote()
    const utterances = [say(transcriber), say(transcriber), say(transcriber)]
    for (const utterance of utterances) utterance.end()
    expect((await Promise.all(utterances.map(all))).map((each) => each.at(-1)?.text)).toEqual([sentence, sentence, sentence])
  })
  test('silence: nothing is answered', async () => {
    const utterance = say(remote(), Array(30).fill(Uint8Array.of(0xf8, 0xff, 0xfe)))
    utterance.end()
    expect(await all(utterance)).toEqual([])
  })
  test('nothing follows what is cancelled', async () => {
    const utterance = say(remote())
    utterance.cancel()
    expect(await all(utterance)).toEqual([])
  })
  test('a whole clip; one without speech', async () => {
    const transcriber = remote()
    expect(await transcriber.transcribe(ogg, english)).toEqual({ text: sentence, confidence: 0.95, isFinal: true, language: 'en-US' })
    const silence = { bytes: new Uint8Array(16_000), encoding: 'linear16', sampleRate: 8_000, channels: 1 } as const
    expect(await transcriber.transcribe(silence, english)).toBeUndefined()
  })
  test('a failure of Google arrives as what it is', async () => {
    const transcriber = remote()
    await voice.google.fault('quota')
    const utterance = say(transcriber)
    utterance.end()
    expect(await fault(all(utterance))).toMatchObject({ retryable: true, code: 8, message: expect.stringContaining('quota') })
    await voice.google.fault('refuse', { kind: 'permission' })
    expect(await fault(transcriber.transcribe(ogg, english))).toMatchObject({ status: 502 })
  })
  test('a token that is not taken', async () => {
    const transcriber = remote(voice.url, async () => tokenFor({ sub: 'x' }, 'another secret that is long enough'))
    expect(await fault(all(say(transcriber)))).toMatchObject({ retryable: false, outcome: 'refused', status: 401 })
    expect(await fault(transcriber.transcribe(ogg, english))).toMatchObject({ retryable: false, status: 401 })
  })
})

describe('the connection', () => {
  test('nobody there: retryable, for a stream and for a clip', async () => {
    const transcriber = remote('http://127.0.0.1:1')
    expect(await fault(all(say(transcriber)))).toMatchObject({ provider: 'voice-processor', retryable: true, outcome: 'ambiguous' })
    expect(await fault(transcriber.transcribe(ogg, english))).toMatchObject({ retryable: true, outcome: 'ambiguous' })
  })
  test('somebody who does not speak the protocol', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const transcriber = remote(`http://127.0.0.1:${port}`)
    await fault(all(say(transcriber)))
    expect(await fault(transcriber.transcribe(ogg, english))).toMatchObject({ outcome: 'ambiguous' })
    server.close()
  })
  test('lost while somebody speaks: that utterance fails, the next one has a new connection', async () => {
    const transcriber = remote()
    const utterance = say(transcriber)
    for await (const _ of utterance.transcripts) break
    // More than the service lets anybody send at once.
    for (let count = 0; count < 5_000; count++) utterance.write(packets[0]!)
    expect(await fault(all(utterance))).toMatchObject({ retryable: true, outcome: 'ambiguous' })
    const next = say(transcriber)
    next.end()
    expect((await all(next)).at(-1)?.text).toBe(sentence)
  })
  test('what is no packet is left out, and harms nobody', async () => {
    const utterance = say(remote(), [new Uint8Array(0), new Uint8Array(5_000), ...packets])
    utterance.end()
    expect((await all(utterance)).at(-1)?.text).toBe(sentence)
  })
  test('the service ends: retryable', async () => {
    const own = await startVoice()
    const transcriber = remote(own.url)
    const utterance = say(transcriber)
    for await (const _ of utterance.transcripts) break
    await own.stop()
    expect(await fault(all(utterance))).toMatchObject({ retryable: true, outcome: 'ambiguous' })
    expect(await fault(all(say(transcriber)))).toMatchObject({ retryable: true })
  })
})
