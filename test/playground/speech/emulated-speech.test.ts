import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import Fastify from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { decodeOpus, encodeOpus } from '#playground/speech/audio/opus.ts'
import { resample } from '#playground/speech/audio/resample.ts'
import { findPocketsphinx } from '#playground/speech/recognition/pocketsphinx.ts'
import { findEspeak } from '#playground/speech/synthesis/espeak.ts'
import { createGoogleSynthesizer } from '#src/adapters/speech/create-google-synthesizer.ts'
import { createGoogleTranscriber } from '#src/adapters/speech/create-google-transcriber.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { opusPacketsOf } from '#src/speech/ogg-reader.ts'
import { oggOf } from '#test/adapters/voice/packets.ts'
import { type EmulatedGoogle, startEmulatedGoogle } from '#test/support/emulated-google.ts'

const clip = readFileSync(new URL('../../../services/voice-processor/test-clip.ogg', import.meta.url))
const clock = systemClock()
const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

async function start(options: Parameters<typeof startEmulatedGoogle>[0] = {}): Promise<EmulatedGoogle> {
  const google = await startEmulatedGoogle(options)
  endings.push(google.close)
  return google
}

function transcriberOf({ access }: EmulatedGoogle) {
  const transcriber = createGoogleTranscriber({ access, clock, version: 'v2' })
  endings.push(transcriber.close)
  return transcriber
}

async function hear(google: EmulatedGoogle, packets: readonly Uint8Array[]): Promise<string | undefined> {
  const utterance = transcriberOf(google).stream({ language: 'en-US' })
  for (const packet of packets) utterance.write(packet)
  utterance.end()
  let text: string | undefined
  for await (const transcript of utterance.transcripts) if (transcript.isFinal) text = transcript.text
  return text
}

async function speak({ access }: EmulatedGoogle, text: string, encoding: 'OGG_OPUS' | 'LINEAR16' = 'OGG_OPUS') {
  const synthesizer = createGoogleSynthesizer({ access, clock })
  endings.push(synthesizer.close)
  return synthesizer.synthesize({ text, language: 'en-US', encoding })
}

describe('it knows', () => {
  test('what it said itself, when a part of the packets is lost on the way', async () => {
    const google = await start()
    const { bytes } = await speak(google, 'scale the web service to three')
    const packets = opusPacketsOf(bytes)!.filter((_, index) => index % 10 !== 3)
    expect(await hear(google, packets)).toBe('scale the web service to three')
  })
  test('its speech from another’s, sentence by sentence', async () => {
    const google = await start()
    const spoken = await Promise.all(['deploy the bot', 'roll back the bot', 'lock the bot'].map((text) => speak(google, text)))
    for (const [index, text] of ['deploy the bot', 'roll back the bot', 'lock the bot'].entries()) {
      expect(await hear(google, opusPacketsOf(spoken[index]!.bytes)!)).toBe(text)
    }
  })
  test('nothing of words that are said as a stranger’s, were they told before or not', async () => {
    const google = await start()
    const { sounds } = google.emulator
    const told = await sounds.say('restart the bot')
    expect(await hear(google, told)).toBe('restart the bot')
    expect(await hear(google, await sounds.say('restart the bot', { unknown: true }))).toBeUndefined()
  })
  test('that silence is none of it, and takes nobody’s line', async () => {
    const google = await start()
    const silence = await encodeOpus(new Int16Array(16_000 * 5), 16_000)
    // A clip that is little more than a pause.
    expect(await google.emulator.learn(oggOf(silence), 'cancel')).toBe(true)
    await google.say('the next line')
    expect(await hear(google, silence)).toBeUndefined()
    expect(await hear(google, opusPacketsOf(clip)!)).toBe('the next line')
  })
  test('audio whose words came with it', async () => {
    const google = await start()
    const http = Fastify()
    google.emulator.routes(http)
    const script = (payload: object) => http.inject({ method: 'POST', url: '/playground/speech/script', payload })
    expect((await script({ text: 'known by heart', audio: clip.toString('base64') })).json()).toEqual({ waiting: 0 })
    await script({ text: 'the next line' })
    expect(await hear(google, opusPacketsOf(clip)!)).toBe('known by heart')
    const unknown = opusPacketsOf(clip)!.map((packet) => Uint8Array.from([...packet, 0]))
    expect(await hear(google, unknown)).toBe('the next line')
    expect(await hear(google, unknown)).toBeUndefined()
    expect(google.heard().map(({ by, text }) => [by, text])).toEqual([
      ['the script', 'the next line'],
      ['its audio', 'known by heart'],
    ])
    for (const wrong of [{}, { text: '' }, { text: 'x', confidence: 2 }, { text: 'x', audio: 'bm8gYXVkaW8=' }, { text: 'x', more: 1 }]) {
      expect((await script(wrong)).statusCode).not.toBe(200)
    }
    await http.close()
  })
})

describe('a restart', () => {
  test('keeps the port and the key', async () => {
    const first = await startEmulatedGoogle()
    const snapshot = JSON.parse(JSON.stringify(first.emulator.snapshot()))
    await first.close()
    expect((await start({ snapshot })).variables).toEqual(first.variables)
  })
  test('takes another port where somebody took that one meanwhile', async () => {
    const first = await startEmulatedGoogle()
    const snapshot = first.emulator.snapshot() as { port: number }
    await first.close()
    const other = createServer().listen(snapshot.port, '127.0.0.1')
    await once(other, 'listening')
    const google = await start({ snapshot })
    expect(google.variables.GOOGLE_SPEECH_ENDPOINT).not.toBe(first.variables.GOOGLE_SPEECH_ENDPOINT)
    await speak(google, 'here I am')
    other.close()
  })
  test('a snapshot that is none is refused', async () => {
    await expect(startEmulatedGoogle({ snapshot: { version: 9 } })).rejects.toThrow()
  })
})

const recogniser = findPocketsphinx(process.env.PATH)
test.runIf(recogniser)('an installed recogniser hears the words that were hinted at', async () => {
  const samples = await decodeOpus(opusPacketsOf(clip)!)
  const text = await recogniser!.recognise(samples, ['helix', 'show the health of', 'the voice processor', 'nonsense xyzzy'])
  expect(text).toMatch(/health.*voice processor/)
})

test.runIf(recogniser && findEspeak(process.env.PATH))('an installed recogniser takes whole sentences for what can be said', async () => {
  const names = ['voice processor', 'zapier integration']
  const orders = names.flatMap((name) => ['deploy', 'restart'].map((verb) => `helix ${verb} the ${name} in staging`))
  const { samples, rate } = await findEspeak(process.env.PATH)!.speak({
    text: 'helix restart voice processor in staging',
    voice: 'en-us',
    speed: 1,
  })
  const heard = await recogniser!.recognise(resample(samples, rate, 16_000), [...orders, 'confirm', 'queue', 'look'])
  expect(heard?.replace('the ', '')).toBe('helix restart voice processor in staging')
})

test.runIf(findEspeak(process.env.PATH))('an installed synthesiser speaks, and longer for longer texts', async () => {
  const google = await start({ path: process.env.PATH })
  const [short, long] = await Promise.all([speak(google, 'yes', 'LINEAR16'), speak(google, 'yes, and much more than that', 'LINEAR16')])
  expect(long!.durationMs).toBeGreaterThan(2 * short!.durationMs)
})
