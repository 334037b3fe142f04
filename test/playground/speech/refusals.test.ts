import { readFileSync } from 'node:fs'
import { Metadata, status } from '@grpc/grpc-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encode } from '#playground/speech/synthesis/encode.ts'
import { createOggOpusMuxer } from '#src/speech/ogg-opus-muxer.ts'
import { opusSilence } from '#src/speech/opus-packet.ts'
import { writeWav } from '#src/speech/wav.ts'
import { type EmulatedGoogle, startEmulatedGoogle } from '#test/support/emulated-google.ts'
import { type BareClient, bareClient } from './bare-client.ts'

const v1 = 'google.cloud.speech.v1.Speech'
const v1Beta = 'google.cloud.speech.v1p1beta1.Speech'
const v2 = 'google.cloud.speech.v2.Speech'
const tts = 'google.cloud.texttospeech.v1.TextToSpeech'
const clip = readFileSync(new URL('../../../services/voice-processor/test-clip.ogg', import.meta.url))
const opus = { encoding: 'OGG_OPUS', sampleRateHertz: 48_000, languageCode: 'en-US' }
const recognizer = 'projects/helix-playground/locations/global/recognizers/_'
const opusV2 = {
  explicitDecodingConfig: { encoding: 'OGG_OPUS', sampleRateHertz: 48_000, audioChannelCount: 1 },
  languageCodes: ['en-US'],
  model: 'short',
}
const wav = (more: object = {}) =>
  writeWav({ sampleRate: 16_000, channels: 1, bits: 16, format: 'pcm', data: new Uint8Array(32_000), ...more })

let google: EmulatedGoogle
let client: BareClient
beforeAll(async () => {
  google = await startEmulatedGoogle({ limits: { longestMs: 1_500, idleMs: 400 } })
  await google.emulator.learn(clip, 'known words')
  client = await bareClient(google)
})
afterAll(async () => {
  client.close()
  await google.close()
})

function longOgg(): Uint8Array {
  const ogg = createOggOpusMuxer({ serial: 1 })
  const start = ogg.headers()
  for (let packet = 0; packet < 3_100; packet++) ogg.write(opusSilence)
  return Buffer.concat([start, ogg.flush(true)!])
}

describe('what is right is understood', () => {
  test('v1 and v2, a clip and a stream', async () => {
    const clipV1 = await client.call(v1, 'Recognize', { config: opus, audio: { content: clip } })
    const clipV2 = await client.call(v2, 'Recognize', { recognizer, config: opusV2, content: clip })
    const streamV1 = await client.stream(v1, [{ streamingConfig: { config: opus } }, { audioContent: clip }])
    const streamV2 = await client.stream(v2, [{ recognizer, streamingConfig: { config: opusV2 } }, { audio: clip }])
    for (const results of [clipV1.response, clipV2.response, streamV1.responses.at(-1), streamV2.responses.at(-1)]) {
      expect(results).toMatchObject({ results: [{ alternatives: [{ transcript: 'known words' }] }] })
    }
  })
  test('v2 finds out by itself what it is sent, where it is asked to', async () => {
    const config = { autoDecodingConfig: {}, languageCodes: ['en-us'], model: 'long' }
    expect((await client.call(v2, 'Recognize', { recognizer, config, content: clip })).response.results).toHaveLength(1)
  })
})

describe('MP3', () => {
  const audio = async (hertz: number) => {
    const samples = Int16Array.from({ length: 32_000 }, (_, index) => Math.round(Math.sin((index * hertz) / 5_000) * 9_000))
    return { content: (await encode({ samples, rate: 16_000 }, 'MP3', 16_000)).bytes }
  }
  const config = { encoding: 'MP3', sampleRateHertz: 16_000, languageCode: 'en-US' }

  test('is taken by v1p1beta1 and v2, and is no encoding of v1', async () => {
    const known = await audio(300)
    await google.emulator.learn(known.content, 'from a recorder')
    const heard = { results: [{ alternatives: [{ transcript: 'from a recorder' }] }] }
    expect((await client.call(v1Beta, 'Recognize', { config, audio: known })).response).toMatchObject(heard)
    const request = { recognizer, config: { autoDecodingConfig: {}, languageCodes: ['en-US'], model: 'short' }, content: known.content }
    expect((await client.call(v2, 'Recognize', request)).response).toMatchObject(heard)
    const refused = await client.call(v1, 'Recognize', { config, audio: known })
    expect(refused).toEqual({ code: status.INVALID_ARGUMENT, details: expect.stringContaining('bad encoding') })
  })
  test('that nobody told of cannot be decoded here, and that is what is said', async () => {
    const refused = await client.call(v1Beta, 'Recognize', { config, audio: await audio(500) })
    expect(refused).toEqual({ code: status.UNIMPLEMENTED, details: expect.stringContaining('no decoder for MP3') })
  })
})

describe('a call without the right to it', () => {
  const forged = (authorization: string) => {
    const metadata = new Metadata()
    metadata.set('authorization', authorization)
    return metadata
  }
  test.each([
    ['no credentials', new Metadata(), 'missing required authentication credential'],
    ['a token that is none', forged('Bearer hunter2'), 'invalid authentication credentials'],
    [
      'an unsigned token',
      forged(`Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`),
      'invalid authentication credentials',
    ],
  ])('%s: UNAUTHENTICATED', async (_what, metadata, words) => {
    const refused = await client.call(tts, 'ListVoices', {}, metadata)
    expect(refused).toEqual({ code: status.UNAUTHENTICATED, details: expect.stringContaining(words) })
  })
  test("another project's recogniser: PERMISSION_DENIED", async () => {
    const request = { recognizer: recognizer.replace('helix-playground', 'elsewhere'), config: opusV2, content: clip }
    expect(await client.call(v2, 'Recognize', request)).toMatchObject({ code: status.PERMISSION_DENIED })
  })
})

describe('a clip', () => {
  test.each([
    ['another container than is said', { ...opus }, wav({ format: 'pcm' }).subarray(1), 'not OGG_OPUS'],
    ['no sample rate for Opus', { ...opus, sampleRateHertz: 0 }, clip, 'bad sample rate'],
    ['a sample rate that Opus has not', { ...opus, sampleRateHertz: 44_100 }, clip, 'bad sample rate'],
    ['no language', { ...opus, languageCode: '' }, clip, 'bad language code'],
    ['an unknown language', { ...opus, languageCode: 'tlh-KX' }, clip, 'tlh-KX'],
    ['an unknown model', { ...opus, model: 'gpt' }, clip, 'Incorrect model'],
    ['no audio', opus, new Uint8Array(0), 'not set'],
    ['more than a minute', opus, longOgg(), 'Sync input too long'],
    [
      'another rate than the WAV header',
      { encoding: 'LINEAR16', sampleRateHertz: 8_000, languageCode: 'en-US' },
      wav(),
      'WAV header (16000)',
    ],
    ['two channels', { encoding: 'LINEAR16', languageCode: 'en-US' }, wav({ channels: 2 }), 'indicates 2 channels'],
    ['8 bit', { encoding: 'LINEAR16', languageCode: 'en-US' }, wav({ bits: 8 }), '16 bit'],
    ['too many phrases', { ...opus, adaptation: { phraseSets: [{ phrases: Array(1_201).fill({ value: 'x' }) }] } }, clip, '1200 phrases'],
    ['too much boost', { ...opus, adaptation: { phraseSets: [{ phrases: [{ value: 'x', boost: 21 }] }] } }, clip, 'from 0 to 20'],
    [
      'more than 10 MB',
      { encoding: 'LINEAR16', sampleRateHertz: 48_000, languageCode: 'en-US' },
      new Uint8Array(10_485_761),
      'exceeds the limit',
    ],
  ])('%s: INVALID_ARGUMENT', async (_what, config, content, words) => {
    const refused = await client.call(v1, 'Recognize', { config, audio: { content } })
    expect(refused).toEqual({ code: status.INVALID_ARGUMENT, details: expect.stringContaining(words) })
  })
  test.each([
    ['no name of a recogniser', { recognizer: 'mine', config: opusV2 }],
    ['no decoding', { recognizer, config: { ...opusV2, explicitDecodingConfig: undefined } }],
    ['no model', { recognizer, config: { ...opusV2, model: '' } }],
    ['four languages', { recognizer, config: { ...opusV2, languageCodes: ['en-US', 'de-DE', 'fr-FR', 'it-IT'] } }],
  ])('v2, %s: INVALID_ARGUMENT', async (_what, request) => {
    expect(await client.call(v2, 'Recognize', { content: clip, ...request })).toMatchObject({ code: status.INVALID_ARGUMENT })
  })
})

describe('a stream', () => {
  const start = { streamingConfig: { config: opus } }
  const startV2 = { recognizer, streamingConfig: { config: opusV2 } }
  test.each([
    ['audio before the configuration', v1, [{ audioContent: clip }], 'Malordered'],
    ['two configurations', v1, [start, start], 'Malordered'],
    ['no configuration', v1, [], 'Malordered'],
    ['a message of 25,601 bytes', v1, [start, { audioContent: new Uint8Array(25_601) }], '25600'],
    ['a message of 15,361 bytes in v2', v2, [startV2, { audio: new Uint8Array(15_361) }], '15360'],
    ['what is no Ogg', v1, [start, { audioContent: Buffer.from('hello hello hello') }], 'not OGG_OPUS'],
    ['a model that does not stream', v2, [{ recognizer, streamingConfig: { config: { ...opusV2, model: 'chirp' } } }], 'streaming'],
  ] as const)('%s: INVALID_ARGUMENT', async (_what, service, messages, words) => {
    expect(await client.stream(service, messages)).toMatchObject({ code: status.INVALID_ARGUMENT, details: expect.stringContaining(words) })
  })
  test('no audio for long: OUT_OF_RANGE, Audio Timeout', async () => {
    const refused = await client.stream(v1, [start, { audioContent: clip.subarray(0, 4_000) }], true)
    expect(refused).toMatchObject({ code: status.OUT_OF_RANGE, details: expect.stringContaining('Audio Timeout') })
  })
})

test('a stream of more than the longest time: OUT_OF_RANGE', async () => {
  const impatient = await startEmulatedGoogle({ limits: { longestMs: 300 } })
  const own = await bareClient(impatient)
  const refused = await own.stream(v1, [{ streamingConfig: { config: opus } }], true)
  expect(refused).toMatchObject({ code: status.OUT_OF_RANGE, details: expect.stringContaining('maximum allowed stream duration') })
  own.close()
  await impatient.close()
})

describe('a text', () => {
  const request = { input: { text: 'Hello' }, voice: { languageCode: 'en-US' }, audioConfig: { audioEncoding: 'MP3' } }
  test.each([
    ['nothing to say', { input: { text: '' } }],
    ['5,001 bytes', { input: { text: 'x'.repeat(5_001) } }],
    ['SSML that is none', { input: { ssml: 'hello' } }],
    ['no language', { voice: {} }],
    ['a voice that does not exist', { voice: { languageCode: 'en-US', name: 'en-US-Nobody-A' } }],
    ['no encoding', { audioConfig: {} }],
    ['speech that is too fast', { audioConfig: { audioEncoding: 'MP3', speakingRate: 9 } }],
    ['a rate that MP3 has not', { audioConfig: { audioEncoding: 'MP3', sampleRateHertz: 9_000 } }],
  ])('%s: INVALID_ARGUMENT', async (_what, more) => {
    expect(await client.call(tts, 'SynthesizeSpeech', { ...request, ...more })).toMatchObject({ code: status.INVALID_ARGUMENT })
  })
  test('voices are listed by language', async () => {
    const { response } = await client.call(tts, 'ListVoices', { languageCode: 'de' })
    expect(response.voices.length).toBeGreaterThan(5)
    for (const voice of response.voices) expect(voice).toMatchObject({ languageCodes: ['de-DE'], name: expect.stringMatching(/^de-DE-/) })
  })
})
