import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createGoogleSynthesizer } from '#src/adapters/speech/create-google-synthesizer.ts'
import { createGoogleTranscriber, type GoogleTranscriberDeps } from '#src/adapters/speech/create-google-transcriber.ts'
import type { GoogleKey } from '#src/adapters/speech/google-access.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { opusPacketsOf } from '#src/speech/ogg-reader.ts'
import { audioEncodings } from '#src/speech/synthesizer.ts'
import type { Transcriber, Transcript, UtteranceStream } from '#src/speech/transcriber.ts'
import { type EmulatedGoogle, startEmulatedGoogle } from '#test/support/emulated-google.ts'
import { hurriedClock } from '#test/support/hurried-clock.ts'

const sentence = 'Helix show the health of the voice processor'
const clip = readFileSync(new URL('../../../services/voice-processor/test-clip.ogg', import.meta.url))
const spoken = opusPacketsOf(clip)!
const ogg = { bytes: clip, encoding: 'ogg-opus', sampleRate: 48_000, channels: 1 } as const
const english = { language: 'en-US' }
const clock = systemClock()

let google: EmulatedGoogle
beforeAll(async () => {
  google = await startEmulatedGoogle()
  await google.emulator.learn(clip, sentence)
})
afterAll(() => google.close())

const open: Transcriber[] = []
afterEach(async () => {
  await google.fault('clear')
  for (const transcriber of open.splice(0)) await transcriber.close()
})

function transcriberOf(version: 'v1' | 'v2', more: Partial<GoogleTranscriberDeps> = {}): Transcriber {
  const transcriber = createGoogleTranscriber({ access: google.access, clock, version, ...more })
  open.push(transcriber)
  return transcriber
}

function say(transcriber: Transcriber, packets: readonly Uint8Array[], recognition = english): UtteranceStream {
  const utterance = transcriber.stream(recognition)
  for (const packet of packets) utterance.write(packet)
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

describe.each(['v1', 'v2'] as const)('Google Speech %s', (version) => {
  test('a whole clip becomes text, with confidence and language', async () => {
    expect(await transcriberOf(version).transcribe(ogg, english)).toEqual({
      text: sentence,
      confidence: 0.95,
      isFinal: true,
      language: 'en-US',
    })
  })

  test('an utterance as it is spoken: more and more words, then one final transcript', async () => {
    const utterance = say(transcriberOf(version), spoken)
    utterance.end()
    const transcripts = await all(utterance)
    expect(transcripts.at(-1)).toEqual({ text: sentence, confidence: 0.95, isFinal: true, language: 'en-US' })
    const interim = transcripts.slice(0, -1)
    expect(interim.length).toBeGreaterThan(0)
    for (const { text, isFinal } of interim) expect([sentence.startsWith(text), isFinal]).toEqual([true, false])
  })

  test('several at once, each with its own words', async () => {
    const transcriber = transcriberOf(version)
    const synthesizer = createGoogleSynthesizer({ access: google.access, clock })
    const texts = ['scale web to three', 'roll back the bot', 'show me the logs']
    const clips = await Promise.all(texts.map((text) => synthesizer.synthesize({ text, language: 'en-US', encoding: 'OGG_OPUS' })))
    const utterances = clips.map(({ bytes }) => say(transcriber, opusPacketsOf(bytes)!))
    for (const utterance of utterances) utterance.end()
    expect((await Promise.all(utterances.map(all))).map((transcripts) => transcripts.at(-1)?.text)).toEqual(texts)
    await synthesizer.close()
  })

  test('silence is no speech: nothing is answered', async () => {
    const utterance = say(transcriberOf(version), Array(50).fill(Uint8Array.of(0xf8, 0xff, 0xfe)))
    utterance.end()
    expect(await all(utterance)).toEqual([])
  })

  test('more phrases than may be sent: the first ones are', async () => {
    const phrases = Array.from({ length: 3_000 }, (_, index) => ({ phrase: `service ${index}${'x'.repeat(index % 200)}`, boost: 99 }))
    expect((await transcriberOf(version).transcribe(ogg, { ...english, phrases }))?.text).toBe(sentence)
  })

  test.each([
    ['quota', {}, { retryable: true, outcome: 'refused', code: 8 }],
    ['refuse', { kind: 'unavailable' }, { retryable: true, outcome: 'ambiguous', code: 14 }],
    ['refuse', { kind: 'internal' }, { retryable: true, outcome: 'ambiguous', code: 13 }],
    ['refuse', { kind: 'permission' }, { retryable: false, outcome: 'refused', code: 7 }],
    ['refuse', { kind: 'invalid' }, { retryable: false, outcome: 'refused', code: 3 }],
  ])('%s %o is an UpstreamError, of a clip and of a stream', async (name, body, expected) => {
    const transcriber = transcriberOf(version)
    await google.fault(name, { ...body, times: 2 })
    expect(await fault(transcriber.transcribe(ogg, english))).toMatchObject({ provider: 'Google Speech', ...expected })
    const utterance = say(transcriber, spoken)
    utterance.end()
    expect(await fault(all(utterance))).toMatchObject({ operation: 'StreamingRecognize', ...expected })
    expect((await transcriber.transcribe(ogg, english))?.text).toBe(sentence)
  })

  test('a language that Google does not know is refused with its words', async () => {
    expect(await fault(transcriberOf(version).transcribe(ogg, { language: 'tlh-KX' }))).toMatchObject({
      code: 3,
      message: expect.stringContaining('tlh-KX'),
    })
  })

  test('a stream that is cut fails; the next one does not', async () => {
    const transcriber = transcriberOf(version)
    await google.fault('cut-stream', { next: 1 })
    const utterance = say(transcriber, spoken)
    utterance.end()
    expect(await fault(all(utterance))).toMatchObject({ code: 14, retryable: true })
    const next = say(transcriber, spoken)
    next.end()
    expect((await all(next)).at(-1)?.text).toBe(sentence)
  })

  test('an answer that does not come in time is not waited for', async () => {
    const transcriber = transcriberOf(version, { timeoutMs: 300, limits: { finalMs: 300 } })
    await google.fault('slow', { ms: 60_000 })
    const started = performance.now()
    expect(await fault(transcriber.transcribe(ogg, english))).toMatchObject({ code: 4, retryable: true, outcome: 'ambiguous' })
    const utterance = say(transcriber, spoken)
    utterance.end()
    expect(await fault(all(utterance))).toMatchObject({ code: 4, retryable: true, outcome: 'ambiguous' })
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  test('audio that the network does not take is not piled up', async () => {
    const utterance = say(transcriberOf(version, { limits: { mostWaitingBytes: 2_000 } }), spoken)
    expect(await fault(all(utterance))).toMatchObject({ code: 4, retryable: true })
  })

  test('a speaker who falls silent without an end: it ends by itself, before Google gives up', async () => {
    const utterance = say(transcriberOf(version, { clock: hurriedClock(50) }), spoken)
    expect((await all(utterance)).at(-1)).toMatchObject({ text: sentence, isFinal: true })
  })

  test('nothing follows what is cancelled, and its words are left for the next', async () => {
    const transcriber = transcriberOf(version)
    await google.say('said by nobody yet')
    const unknown = spoken.toReversed().map((packet) => Uint8Array.from([...packet, 0]))
    const utterance = say(transcriber, unknown)
    utterance.cancel()
    utterance.write(spoken[0]!)
    expect(await all(utterance)).toEqual([])
    const next = say(transcriber, unknown)
    next.end()
    expect((await all(next)).at(-1)?.text).toBe('said by nobody yet')
  })
})

describe('the key', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const stranger = JSON.stringify({
    client_email: 'stranger@elsewhere.iam.gserviceaccount.com',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    project_id: 'elsewhere',
  })
  const withKey = (key: GoogleKey) => transcriberOf('v1', { access: { ...google.access, key } })

  test.each<[string, GoogleKey]>([
    ['no private key in it', { json: JSON.stringify({ client_email: 'a@b', private_key: 'hunter2' }) }],
    ['no JSON', { json: 'hunter2' }],
    ['a file that is not there', { file: '/nowhere/key.json' }],
    ["somebody else's", { json: stranger }],
  ])('%s: refused, not retryable, and nothing of it is said', async (_what, key) => {
    const transcriber = withKey(key)
    const { message, ...rest } = await fault(transcriber.transcribe(ogg, english))
    expect(rest).toMatchObject({ retryable: false, outcome: 'refused', code: 16 })
    expect(message).not.toContain('hunter2')
    const utterance = say(transcriber, spoken)
    utterance.end()
    expect(await fault(all(utterance))).toMatchObject({ code: 16 })
  })

  test('a file serves as well, and a file that comes later is read then', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'helix-key-'))
    const transcriber = withKey({ file: join(folder, 'key.json') })
    await fault(transcriber.transcribe(ogg, english))
    await writeFile(join(folder, 'key.json'), google.variables.GOOGLE_CLOUD_KEY!)
    expect((await transcriber.transcribe(ogg, english))?.text).toBe(sentence)
    await rm(folder, { recursive: true })
  })

  test('nobody listens there: cannot be reached, retryable', async () => {
    const endpoint = { host: '127.0.0.1', port: 1, plaintext: true }
    const transcriber = transcriberOf('v1', { access: { ...google.access, endpoint }, timeoutMs: 1_000 })
    expect(await fault(transcriber.transcribe(ogg, english))).toMatchObject({ retryable: true, outcome: 'ambiguous' })
  })
})

describe('Text-to-Speech', () => {
  const synthesize = (encoding: (typeof audioEncodings)[number], more: object = {}) => {
    const synthesizer = createGoogleSynthesizer({ access: google.access, clock, timeoutMs: 10_000 })
    return synthesizer
      .synthesize({ text: 'The deployment of the web service is done', language: 'en-US', encoding, ...more })
      .finally(() => synthesizer.close())
  }

  test('its length is that of the audio, in every encoding', async () => {
    const lengths = await Promise.all(audioEncodings.map(async (encoding) => (await synthesize(encoding)).durationMs))
    expect(Math.min(...lengths)).toBeGreaterThan(2_000)
    // MP3 is made of whole frames, and has a delay.
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThan(120)
    const twice = await synthesize('LINEAR16', { text: Array(2).fill('The deployment of the web service is done').join(' ') })
    // And the pause between them.
    expect(twice.durationMs).toBe(2 * lengths[audioEncodings.indexOf('LINEAR16')]! + 50)
  })

  test('what was spoken is understood again', async () => {
    const { bytes } = await synthesize('OGG_OPUS', { text: 'Restart the agent orchestrator' })
    expect((await transcriberOf('v1').transcribe({ ...ogg, bytes }, english))?.text).toBe('Restart the agent orchestrator')
  })

  test.each([
    ['a voice that does not exist', { voice: 'en-US-Nobody-A' }, 'does not exist'],
    ['a voice of another language', { voice: 'de-DE-Neural2-C' }, "doesn't match"],
    ['a language that does not exist', { language: 'tlh-KX' }, 'does not exist'],
    ['a text that is too long', { text: 'é'.repeat(2_501) }, '5000 bytes'],
  ])('%s is refused with its words', async (_what, more, words) => {
    expect(await fault(synthesize('MP3', more))).toMatchObject({ code: 3, message: expect.stringContaining(words) })
  })

  test('without quota: retryable', async () => {
    await google.fault('quota')
    expect(await fault(synthesize('MP3'))).toMatchObject({ provider: 'Google Text-to-Speech', code: 8, retryable: true })
  })
})
