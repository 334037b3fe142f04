import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { botConfig } from '#src/config/bot-config.ts'
import { readConfig } from '#src/config/read-config.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { openSpeech, type Speech } from '#src/open-speech.ts'
import { tokensOf } from '#test/support/service.ts'
import { clip, type RunningVoice, sentence, startVoice } from './services/voice-processor/running.ts'

const ogg = { bytes: clip, encoding: 'ogg-opus', sampleRate: 48_000, channels: 1 } as const
const needed = {
  DISCORD_BOT_TOKEN: 'a.bot.token',
  DISCORD_CLIENT_ID: '123456789012345678',
  DATABASE_URL: 'postgresql://localhost/helix',
  REDIS_URL: 'redis://localhost',
  HELIX_SECRET_KEY: 'k'.repeat(32),
  RAILWAY_TOKEN: 'x',
}

let voice: RunningVoice
beforeAll(async () => {
  voice = await startVoice()
})
afterAll(() => voice.stop())

const opened: Speech[] = []
afterEach(async () => {
  for (const speech of opened.splice(0)) await speech.close()
})

function open(variables: Readonly<Record<string, string>>): Speech | { readonly missing: string } {
  const config = readConfig(botConfig, { ...needed, ...variables })
  const speech = openSpeech({ config, tokens: tokensOf('bot'), clock: systemClock() })
  if ('by' in speech) opened.push(speech)
  return speech
}

const remote = () => ({ VOICE_PROCESSOR_URL: voice.url, SERVICE_MESH_SECRET: 'm'.repeat(32) })

test.each([
  ['Google, where there is a key for it', () => voice.google.variables, 'Google'],
  ['Google, where there is voice-processor as well', () => ({ ...voice.google.variables, ...remote() }), 'Google'],
  ['voice-processor, where there is no key', remote, 'voice-processor'],
  [
    'voice-processor, where it is wished',
    () => ({ ...voice.google.variables, ...remote(), HELIX_SPEECH_VIA: 'voice-processor' }),
    'voice-processor',
  ],
])('the bot understands and speaks through %s', async (_, variables, by) => {
  const speech = open(variables()) as Speech
  expect(speech.by).toBe(by)
  expect((await speech.transcriber.transcribe(ogg, { language: 'en-US' }))?.text).toBe(sentence)
  const { bytes, durationMs } = await speech.synthesizer.synthesize({
    text: 'Three replicas run.',
    language: 'en-US',
    encoding: 'OGG_OPUS',
  })
  expect([Buffer.from(bytes.subarray(0, 4)).toString(), durationMs > 100]).toEqual(['OggS', true])
})

test.each([
  [{}, 'VOICE_PROCESSOR_URL'],
  [{ VOICE_PROCESSOR_URL: 'http://127.0.0.1:1' }, 'SERVICE_MESH_SECRET'],
  [{ VOICE_PROCESSOR_URL: 'http://127.0.0.1:1', SERVICE_MESH_SECRET: 'm'.repeat(32), HELIX_SPEECH_VIA: 'google' }, 'GOOGLE_CLOUD_KEY'],
])('where there is no speech, a sentence says what to set: %o', (variables, name) => {
  expect((open(variables) as { missing: string }).missing).toContain(name)
})

test('a voice-processor that is away is an UpstreamError', async () => {
  const speech = open({ VOICE_PROCESSOR_URL: 'http://127.0.0.1:1', SERVICE_MESH_SECRET: 'm'.repeat(32) }) as Speech
  await expect(speech.synthesizer.synthesize({ text: 'x', language: 'en-US', encoding: 'OGG_OPUS' })).rejects.toThrow(UpstreamError)
})

test('Google’s own no to a text is told, by voice-processor as well', async () => {
  await voice.google.fault('refuse', { kind: 'permission', times: 1 })
  const speech = open(remote()) as Speech
  const asked = speech.synthesizer.synthesize({ text: 'x', language: 'en-US', encoding: 'OGG_OPUS' })
  await expect(asked).rejects.toMatchObject({ fault: { provider: 'voice-processor', outcome: 'refused' } })
})
