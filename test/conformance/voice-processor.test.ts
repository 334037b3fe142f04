import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEmulatedSpeech, type EmulatedSpeech } from '#playground/speech/emulated-speech.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { type ExistingClient, startForExistingClient } from './existing-client.ts'

const words = 'what is the status of production'
let google: EmulatedSpeech
let client: ExistingClient
beforeAll(async () => {
  // A synthesiser and a recogniser of its own: what this machine has installed makes no difference here.
  google = createEmulatedSpeech({ clock: systemClock(), path: undefined })
  client = await startForExistingClient('voice-processor', await google.listen())
  const clip = new URL('../../services/voice-processor/test-clip', import.meta.url)
  await google.learn(readFileSync(`${clip.pathname}.ogg`), readFileSync(`${clip.pathname}.txt`, 'utf8').trim())
})
afterAll(async () => {
  await client?.stop()
  await google?.close()
})

/** A WAV file that the emulated Google knows the words of, because it said them itself. */
async function spoken(text: string): Promise<Buffer<ArrayBuffer>> {
  const { body } = await client.ask('POST', '/api/synthesize', { text, language_code: 'en-US', audio_encoding: 'LINEAR16' })
  return Buffer.from(body.audio_data, 'base64')
}

describe('POST /api/transcribe', () => {
  test('base64 of LINEAR16 at 16 kHz: text, confidence and language, told on voice_events', async () => {
    const events = await client.hear('voice_events')
    const samples = hum(16_000)
    await google.learn(wav(samples, 16_000), words)
    const { status, body } = await client.ask('POST', '/api/transcribe', { audio_data: samples.toString('base64'), language_code: 'en-US' })
    expect([status, body]).toEqual([200, { text: words, confidence: expect.any(Number), language: 'en-US' }])
    expect(await events.next(({ event }) => event === 'transcription_completed')).toMatchObject({
      text: words,
      confidence: body.confidence,
      language: 'en-US',
      timestamp: expect.any(String),
    })
  })
  test('silence: 400, No speech detected', async () => {
    const { status, body } = await client.ask('POST', '/api/transcribe', { audio_data: Buffer.alloc(32_000).toString('base64') })
    expect([status, body]).toEqual([400, { detail: expect.stringContaining('No speech detected') }])
  })
  test.each([
    ['no audio_data', {}],
    ['audio_data that is no base64', { audio_data: 'not base64!' }],
  ])('%s: refused', async (_what, body) => {
    expect((await client.ask('POST', '/api/transcribe', body)).status).toBeOneOf([400, 422])
  })
})

describe('POST /api/synthesize', () => {
  test('MP3 unless another is asked for: base64, its encoding and its true duration, told on voice_events', async () => {
    const events = await client.hear('voice_events')
    const { status, body } = await client.ask('POST', '/api/synthesize', { text: 'All is well.', language_code: 'en-US' })
    expect([status, body]).toEqual([
      200,
      { audio_data: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/), audio_encoding: 'MP3', duration: expect.any(Number) },
    ])
    const { parseBuffer } = await import('music-metadata')
    const { format } = await parseBuffer(Buffer.from(body.audio_data, 'base64'), { mimeType: 'audio/mpeg' }, { duration: true })
    expect(Math.abs(format.duration! - body.duration)).toBeLessThan(0.06)
    expect(await events.next(({ event }) => event === 'synthesis_completed')).toMatchObject({
      text_length: 'All is well.'.length,
      duration: body.duration,
      timestamp: expect.any(String),
    })
  })
})

describe('the rest', () => {
  test('POST /api/process-audio?language_code with a multipart file: filename, transcript, confidence, language, told on voice_events', async () => {
    const events = await client.hear('voice_events')
    const form = new FormData()
    form.set('file', new File([await spoken(words)], 'said.wav', { type: 'audio/wav' }))
    const { status, body } = await client.ask('POST', '/api/process-audio?language_code=en-US', form)
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ filename: 'said.wav', transcript: words, confidence: expect.any(Number), language: 'en-US' }),
    ])
    expect(await events.next(({ event }) => event === 'audio_processed')).toMatchObject({
      filename: 'said.wav',
      text_length: words.length,
      confidence: body.confidence,
      timestamp: expect.any(String),
    })
  })
  test('GET /api/transcribe/test answers a status and a test', async () => {
    const { status, body } = await client.ask('GET', '/api/transcribe/test')
    expect([status, body]).toEqual([200, expect.objectContaining({ status: expect.any(String), test: expect.anything() })])
  })
  test('GET /api/events: the last ten, which stand on the list voice_events_log', async () => {
    for (let at = 0; at < 12; at += 1) await spoken(`Number ${at}.`)
    const { events } = (await client.ask('GET', '/api/events')).body
    expect(events).toHaveLength(10)
    expect(await client.redis.llen('voice_events_log')).toBeGreaterThanOrEqual(12)
  })
  test.each(['/transcribe', '/synthesize', '/voice-command'])('POST %s of the older document exists', async (path) => {
    expect((await client.ask('POST', path, {})).status).toBeOneOf([400, 422])
  })
})

/** A second of 16-bit samples of one channel. */
function hum(rate: number): Buffer<ArrayBuffer> {
  const samples = Buffer.alloc(2 * rate)
  for (let at = 0; at < rate; at += 1) samples.writeInt16LE(Math.round(8_000 * Math.sin((at * 2 * Math.PI * 220) / rate)), 2 * at)
  return samples
}

/** The canonical header of 44 bytes. http://soundfile.sapp.org/doc/WaveFormat/ */
function wav(samples: Buffer, rate: number): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + samples.length, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(rate, 24)
  header.writeUInt32LE(2 * rate, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(samples.length, 40)
  return Buffer.concat([header, samples])
}
