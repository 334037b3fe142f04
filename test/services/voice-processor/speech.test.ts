import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeOpus } from '#playground/speech/audio/opus.ts'
import { resample } from '#playground/speech/audio/resample.ts'
import { encode } from '#playground/speech/synthesis/encode.ts'
import { channels } from '#src/kernel/channels.ts'
import { opusPacketsOf } from '#src/speech/ogg-reader.ts'
import { linear16Of, writeWav } from '#src/speech/wav.ts'
import { foreignClient } from '#test/support/stream-clients.ts'
import { clip, type RunningVoice, sentence, startVoice } from './running.ts'

const fixture = (name: string) => readFileSync(new URL(`../../speech/fixtures/${name}`, import.meta.url))
let voice: RunningVoice
let samples: Int16Array
beforeAll(async () => {
  voice = await startVoice()
  samples = await decodeOpus(opusPacketsOf(clip)!)
})
afterAll(() => voice.stop())

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const transcribe = (bytes: Uint8Array, more: object = {}) => voice.ask('POST', '/api/transcribe', { audio_data: base64(bytes), ...more })
const upload = (bytes: Uint8Array, filename: string, type = 'application/octet-stream', query = '') => {
  const form = new FormData()
  form.set('file', new Blob([Uint8Array.from(bytes)], { type }), filename)
  return voice.ask('POST', `/api/process-audio${query}`, form)
}
const wav = (given: Int16Array, sampleRate = 16_000, more: object = {}) =>
  writeWav({ sampleRate, channels: 1, bits: 16, format: 'pcm', data: linear16Of(given), ...more })

const mp3 = async () => (await encode({ samples, rate: 16_000 }, 'MP3', 16_000)).bytes
/** Two bytes into its last block. */
const cutInHead = (webm: Buffer) => webm.subarray(0, webm.lastIndexOf(Buffer.from([0xa3])) + 1)

describe('what is heard', () => {
  test('bare LINEAR16 of 16 kHz, as existing clients send it', async () => {
    await voice.google.emulator.learn(wav(samples), 'bare samples')
    expect(await transcribe(linear16Of(samples))).toEqual({
      status: 200,
      body: { text: 'bare samples', confidence: 0.95, language: 'en-US' },
    })
  })
  test('a whole file in the same field, and the older path', async () => {
    expect((await transcribe(clip, { language_code: 'en-GB', phrases: ['health'] })).body).toMatchObject({
      text: sentence,
      language: 'en-GB',
    })
    expect(await voice.ask('POST', '/transcribe', { audio_data: base64(clip) })).toMatchObject({ status: 200, body: { text: sentence } })
  })
  test('a wav file of any rate, width and number of channels', async () => {
    const at44 = resample(samples, 16_000, 44_100)
    await voice.google.emulator.learn(wav(at44, 44_100), 'at its own rate')
    const stereo = Int16Array.from({ length: at44.length * 2 }, (_, index) => at44[index >> 1]!)
    const answer = await upload(wav(stereo, 44_100, { channels: 2 }), 'speech.wav', 'audio/wav')
    expect(answer).toEqual({
      status: 200,
      body: { filename: 'speech.wav', transcript: 'at its own rate', confidence: 0.95, language: 'en-US' },
    })
    const wide = Buffer.concat([...at44].map((sample) => Buffer.from([0, sample & 255, (sample >> 8) & 255])))
    expect(
      (await upload(writeWav({ sampleRate: 44_100, channels: 1, bits: 24, format: 'pcm', data: wide }), 'x.wav')).body.transcript,
    ).toBe('at its own rate')
  })
  test('ogg, webm as a browser records it, and mp3', async () => {
    expect((await upload(clip, 'clip.opus', 'audio/ogg; codecs=opus')).body.transcript).toBe(sentence)
    await voice.google.emulator.learn(fixture('recorded.webm'), 'from a browser')
    expect((await upload(fixture('recorded.webm'), 'blob', 'audio/webm;codecs=opus')).body.transcript).toBe('from a browser')
    const bytes = await mp3()
    await voice.google.emulator.learn(bytes, 'from a recorder')
    expect((await upload(bytes, 'memo.mp3', 'audio/mpeg', '?language_code=en-AU')).body).toMatchObject({
      transcript: 'from a recorder',
      language: 'en-AU',
    })
  })
  test('mp3 whose words the emulated Google does not know: it says that it cannot decode MP3, not that there was no speech', async () => {
    const { bytes } = await encode({ samples: samples.toReversed(), rate: 16_000 }, 'MP3', 16_000)
    const detail = expect.stringContaining('no decoder for MP3')
    expect(await upload(bytes, 'memo.mp3', 'audio/mpeg')).toEqual({ status: 502, body: { detail } })
  })
  test('no speech: 400, No speech detected', async () => {
    expect(await transcribe(new Uint8Array(32_000))).toEqual({ status: 400, body: { detail: 'No speech detected' } })
    expect(await upload(wav(new Int16Array(16_000)), 'silence.wav')).toEqual({ status: 400, body: { detail: 'No speech detected' } })
  })
})

describe('what cannot be heard is refused', () => {
  test.each([
    ['text that calls itself wav', () => upload(Buffer.from('hello there, this is no audio'), 'x.wav', 'audio/wav'), 415],
    ['a program', () => upload(Buffer.from('\x7fELF\x02\x01\x01'), 'x.mp3', 'audio/mpeg'), 415],
    ['an empty file', () => upload(new Uint8Array(0), 'x.ogg', 'audio/ogg'), 415],
    ['ogg that says it is wav', () => upload(clip, 'speech.ogg', 'audio/wav'), 422],
    ['ogg that is named mp3', () => upload(clip, 'speech.mp3'), 422],
    ['wav that says it is a picture', () => upload(wav(samples), 'x', 'image/png'), 422],
    ['wav that says it is a page', () => upload(wav(samples), 'x', 'text/html; charset=utf-8'), 422],
    ['wav that says it is JSON', () => upload(wav(samples), 'x.wav', 'application/json'), 422],
    ['wav that says it is FLAC', () => upload(wav(samples), 'x', 'audio/flac'), 422],
    ['a wav file that is cut off', () => upload(wav(samples).subarray(0, 20_000), 'x.wav'), 422],
    ['a wav file in JSON that is cut off', () => transcribe(wav(samples).subarray(0, 20_000)), 422],
    ['an ogg file that is cut off', () => upload(clip.subarray(0, clip.length - 100), 'x.ogg'), 422],
    [
      'a webm file that is cut off',
      () => upload(fixture('recorded.webm').subarray(0, fixture('recorded.webm').length - 40), 'x.webm'),
      422,
    ],
    ['a webm file that is cut in a header', () => upload(cutInHead(fixture('recorded.webm')), 'x.webm'), 422],
    ['an mp3 file that is cut off', async () => upload((await mp3()).subarray(0, 5_000), 'x.mp3'), 422],
    [
      'two files',
      () => {
        const form = new FormData()
        for (const name of ['one.ogg', 'two.ogg']) form.append('file', new Blob([Uint8Array.from(clip)]), name)
        return voice.ask('POST', '/api/process-audio', form)
      },
      422,
    ],
    ['Vorbis in ogg', () => upload(fixture('vorbis.ogg'), 'x.ogg', 'audio/ogg'), 415],
    ['an ogg file that is cut in its header', () => upload(clip.subarray(0, 60), 'x.ogg', 'audio/ogg'), 422],
    ['a wav header and nothing else', () => upload(wav(new Int16Array(0)), 'x.wav'), 422],
    ['a wav of 4 kHz', () => upload(wav(samples, 4_000), 'x.wav'), 422],
    ['a wav of 192 kHz', () => upload(wav(samples, 192_000), 'x.wav'), 422],
    ['more than a minute', () => upload(wav(new Int16Array(61 * 8_000), 8_000), 'x.wav'), 413],
    ['a wav that says it lasts a day', () => upload(wav(new Int16Array(61 * 16_000)).fill(255, 40, 44), 'x.wav'), 413],
    ['more than 10 MB', () => upload(Buffer.concat([wav(samples), Buffer.alloc(10_485_760)]), 'x.wav'), 413],
    [
      'another field',
      () => {
        const form = new FormData()
        form.set('audio', new Blob([Uint8Array.from(clip)]), 'x.ogg')
        return voice.ask('POST', '/api/process-audio', form)
      },
      422,
    ],
    ['no upload at all', () => voice.ask('POST', '/api/process-audio', { file: 'x' }), 415],
    ['no base64', () => voice.ask('POST', '/api/transcribe', { audio_data: '§§§' }), 422],
    ['no audio', () => voice.ask('POST', '/api/transcribe', {}), 422],
    ['half a sample', () => transcribe(new Uint8Array(31_999)), 422],
    ['a minute and a half of bare samples', () => transcribe(new Uint8Array(90 * 32_000)), 413],
    ['a language that is none', () => transcribe(clip, { language_code: '../etc' }), 422],
    ['a language that Google does not know', () => transcribe(clip, { language_code: 'tlh-KX' }), 422],
  ])('%s', async (_what, ask, status) => {
    const answer = await ask()
    expect([answer.status, answer.body.detail]).toEqual([status, expect.anything()])
  })
  test('a name is shown, and used for nothing', async () => {
    const { body } = await upload(clip, '../../../etc/passwd.ogg')
    expect(body.transcript).toBe(sentence)
    expect(body.filename).not.toContain('/')
  })
})

describe('what is said', () => {
  test('text as speech, with its true length, in every encoding; the older path', async () => {
    for (const audio_encoding of ['MP3', 'OGG_OPUS', 'LINEAR16', 'MULAW', 'ALAW']) {
      const { status, body } = await voice.ask('POST', '/api/synthesize', { text: 'Done', language_code: 'en-US', audio_encoding })
      expect([status, body.audio_encoding]).toEqual([200, audio_encoding])
      expect(body.duration).toBeGreaterThan(0.2)
      expect(body.duration).toBeLessThan(0.5)
      expect(Buffer.from(body.audio_data, 'base64').length).toBeGreaterThan(500)
    }
    const { body } = await voice.ask('POST', '/synthesize', { text: 'Done', voice_name: 'en-US-Neural2-C' })
    expect(body.audio_encoding).toBe('MP3')
  })
  test('MP3 is MP3, and as long as it says', async () => {
    const { body } = await voice.ask('POST', '/api/synthesize', { text: 'The deployment is done, and everything is healthy again' })
    const { parseBuffer } = await import('music-metadata')
    const { format } = await parseBuffer(Buffer.from(body.audio_data, 'base64'), undefined, { duration: true })
    expect([format.container, format.duration]).toEqual(['MPEG', expect.closeTo(body.duration, 2)])
  })
  test.each([
    ['no text', { text: ' ' }],
    ['too much text', { text: 'x'.repeat(5_001) }],
    ['an encoding that does not exist', { text: 'x', audio_encoding: 'FLAC' }],
    ['a voice that does not exist', { text: 'x', voice_name: 'en-US-Nobody-A' }],
    ['a voice that is no name', { text: 'x', voice_name: '<x>' }],
  ])('%s: 422', async (_what, body) => {
    expect((await voice.ask('POST', '/api/synthesize', body)).status).toBe(422)
  })
})

describe('a command', () => {
  test('of audio or of text is told to whoever listens, with who said it', async () => {
    const listener = await foreignClient(voice.redisServer.url, channels.voiceEvents)
    expect((await voice.ask('POST', '/api/voice-command', { audio_data: base64(clip) })).body).toEqual({
      text: sentence,
      confidence: 0.95,
      language: 'en-US',
    })
    expect((await voice.ask('POST', '/voice-command', { text: ' restart web ' })).body).toEqual({
      text: 'restart web',
      confidence: 1,
      language: 'en-US',
    })
    const told = (await listener.heard(2)).map((text) => JSON.parse(text))
    expect(told).toMatchObject([
      { event: 'voice_command', text: sentence, confidence: 0.95, language: 'en-US', speaker: 'tester', timestamp: expect.any(String) },
      { event: 'voice_command', text: 'restart web', speaker: 'tester', stream_id: expect.any(String) },
    ])
    listener.close()
  })
  test.each([[{}], [{ text: 'x', audio_data: base64(clip) }], [{ text: 'x'.repeat(1_001) }]])('%j: 422', async (body) => {
    expect((await voice.ask('POST', '/api/voice-command', body)).status).toBe(422)
  })
})

describe('events', () => {
  test('each on voice_events, and the last ten in the list, which is capped', async () => {
    const listener = await foreignClient(voice.redisServer.url, channels.voiceEvents)
    await transcribe(clip)
    await voice.ask('POST', '/api/synthesize', { text: 'Done' })
    await upload(clip, 'a.ogg')
    expect((await listener.heard(3)).map((text) => JSON.parse(text))).toMatchObject([
      { event: 'transcription_completed', text: sentence, confidence: 0.95, language: 'en-US', timestamp: expect.any(String) },
      { event: 'synthesis_completed', text_length: 4, duration: expect.any(Number) },
      { event: 'audio_processed', filename: 'a.ogg', text_length: sentence.length, confidence: 0.95 },
    ])
    listener.close()
    for (let count = 0; count < 110; count++) await voice.ask('POST', '/api/voice-command', { text: `${count}` }, 'admin')
    await voice.redis.client.lpush('voice_events_log', 'no JSON', '{"event":"of somebody else"}')
    const { body } = await voice.ask('GET', '/api/events')
    expect(body.events).toHaveLength(9)
    expect(body.events[0]).toEqual({ event: 'of somebody else' })
    expect(body.events[1]).toMatchObject({ event: 'voice_command', text: '109' })
    expect(await voice.redis.client.llen('voice_events_log')).toBeLessThanOrEqual(102)
  })
})

test('tokens: none is refused, a viewer may look and not speak', async () => {
  expect((await fetch(`${voice.url}/api/transcribe`, { method: 'POST' })).status).toBe(401)
  expect((await voice.ask('POST', '/api/synthesize', { text: 'x' }, 'viewer')).status).toBe(403)
  expect((await voice.ask('GET', '/api/events', undefined, 'viewer')).status).toBe(200)
})

test('Google over its quota: 503; without permission: 502; then well again', async () => {
  await voice.google.fault('quota')
  expect(await transcribe(clip)).toMatchObject({ status: 503, body: { detail: expect.stringContaining('quota') } })
  await voice.google.fault('refuse', { kind: 'permission' })
  expect((await transcribe(clip)).status).toBe(502)
  expect((await transcribe(clip)).status).toBe(200)
})

test('no audio is in the log, whatever level it has', () => {
  expect(voice.lines.length).toBeGreaterThan(50)
  expect(voice.lines.join('\n')).not.toContain(base64(clip).slice(0, 60))
})
