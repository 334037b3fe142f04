import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createGoogleSynthesizer } from '#src/adapters/speech/create-google-synthesizer.ts'
import { createGoogleTranscriber, type GoogleTranscriberDeps } from '#src/adapters/speech/create-google-transcriber.ts'
import { createStore } from '#src/adapters/store/create-store.ts'
import type { Store } from '#src/adapters/store/store.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { opusPacketsOf } from '#src/speech/ogg-reader.ts'
import { opusSilence } from '#src/speech/opus-packet.ts'
import type { Transcript } from '#src/speech/transcriber.ts'
import { createRecognise, type Hearing, type Recognised } from '#src/voice/recognise.ts'
import { createSpeechBudget } from '#src/voice/speech-budget.ts'
import { type EmulatedGoogle, startEmulatedGoogle } from '#test/support/emulated-google.ts'
import { createTestDatabase, type TestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { spokenBy } from './spoken-by.ts'

const sentence = 'Helix show the health of the voice processor'
const clip = readFileSync(new URL('../../services/voice-processor/test-clip.ogg', import.meta.url))
const packets = opusPacketsOf(clip)!
const clock = systemClock()
const ada = '1100000000000000401'

let google: EmulatedGoogle
let database: TestDatabase
let store: Store
beforeAll(async () => {
  google = await startEmulatedGoogle()
  await google.emulator.learn(clip, sentence)
  database = await createTestDatabase()
  store = createStore({ url: database.url, poolSize: 4, log: quietLog() })
})
afterAll(async () => {
  await store.close()
  await database.drop()
  await google.close()
})

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await google.fault('clear')
  for (const end of endings.splice(0)) await end()
})

let guilds = 0
function open({
  finalMs = 10_000,
  secondsPerDay = 3_600,
  ...google_
}: Partial<GoogleTranscriberDeps> & { finalMs?: number; secondsPerDay?: number } = {}) {
  const log = quietLog()
  const transcriber = createGoogleTranscriber({ access: google.access, clock, version: 'v1', ...google_ })
  endings.push(() => transcriber.close())
  const budget = createSpeechBudget({ store, clock, secondsPerDay })
  const recognise = createRecognise({ transcriber, budget, clock, log, finalMs })
  const guild = `guild ${++guilds}`
  const interim: Transcript[] = []
  const hearing: Hearing = { guild, language: 'en-US', phrases: [], onInterim: (transcript) => interim.push(transcript) }
  return { budget, recognise, guild, interim, hearing, log }
}

const retries = ({ lines }: ReturnType<typeof quietLog>) => lines.filter(({ message }) => message.includes('hears it again')).length

test('what is said becomes text of whoever said it, first as it sounds so far, then for good', async () => {
  const { recognise, hearing, interim, budget, guild } = open()
  const spoken = spokenBy(ada)
  const heard = recognise(spoken.utterance, hearing)
  spoken.say(packets)
  spoken.end()
  expect(await heard).toMatchObject({
    kind: 'said',
    user: ada,
    number: spoken.utterance.number,
    cut: false,
    transcript: { text: sentence },
  })
  expect(interim.length).toBeGreaterThan(0)
  for (const { text, isFinal } of interim) expect([sentence.startsWith(text), isFinal]).toEqual([true, false])
  expect((await budget.state(guild)).usedSeconds).toBe(Math.ceil(packets.length * 0.02))
})

test('a recogniser that breaks off in the middle of a word hears it again, from memory', async () => {
  const { recognise, hearing, log, budget, guild } = open()
  await google.fault('cut-stream', { next: 1 })
  const spoken = spokenBy(ada)
  const heard = recognise(spoken.utterance, hearing)
  spoken.say(packets)
  spoken.end()
  expect(await heard).toMatchObject({ kind: 'said', user: ada, transcript: { text: sentence } })
  expect(retries(log)).toBe(1)
  expect((await budget.state(guild)).usedSeconds).toBe(Math.ceil(2 * packets.length * 0.02))
})

test('one that fails again is not asked a third time', async () => {
  const { recognise, hearing, log } = open()
  await google.fault('refuse', { kind: 'unavailable', times: 3 })
  const spoken = spokenBy(ada)
  const heard = recognise(spoken.utterance, hearing)
  spoken.say(packets)
  spoken.end()
  const { kind, error } = (await heard) as Extract<Recognised, { kind: 'failed' }>
  expect([kind, error instanceof UpstreamError, retries(log)]).toEqual(['failed', true, 1])
})

test.each(['permission', 'invalid', 'quota'])('what asking again cannot mend (%s) is not asked again', async (kind) => {
  const { recognise, hearing, log } = open()
  await google.fault('refuse', { kind, times: 1 })
  const spoken = spokenBy(ada)
  const heard = recognise(spoken.utterance, hearing)
  spoken.say(packets)
  spoken.end()
  expect([(await heard).kind, retries(log)]).toEqual(['failed', 0])
})

test('a member who leaves in the middle of a sentence has said nothing', async () => {
  const { recognise, hearing, interim } = open()
  const spoken = spokenBy(ada)
  const heard = recognise(spoken.utterance, hearing)
  spoken.say(packets.slice(0, 40))
  spoken.end('dropped')
  expect(await heard).toEqual({ kind: 'dropped', user: ada, number: spoken.utterance.number })
  expect(interim.filter(({ isFinal }) => isFinal)).toEqual([])
})

test('whoever withdraws after the last word, and before it is understood, has said nothing', async () => {
  const { recognise, hearing } = open()
  await google.fault('slow', { ms: 60_000 })
  const withdrawn = new AbortController()
  const spoken = spokenBy(ada)
  const heard = recognise(spoken.utterance, { ...hearing, signal: withdrawn.signal })
  spoken.say(packets)
  spoken.end()
  withdrawn.abort()
  expect((await heard).kind).toBe('dropped')
})

test('a recogniser that does not answer in time has failed', async () => {
  const { recognise, hearing } = open({ finalMs: 200 })
  await google.fault('slow', { ms: 60_000 })
  const spoken = spokenBy(ada)
  const heard = recognise(spoken.utterance, hearing)
  spoken.say(packets)
  spoken.end()
  expect(await heard).toMatchObject({ kind: 'failed', error: { message: 'The recogniser did not answer in time.' } })
})

test('silence, and what is no speech, is nothing', async () => {
  const { recognise, hearing } = open()
  const spoken = spokenBy(ada)
  const heard = recognise(spoken.utterance, hearing)
  spoken.say(Array(50).fill(opusSilence))
  spoken.end()
  expect(await heard).toEqual({ kind: 'nothing', cut: false, user: ada, number: spoken.utterance.number })
})

test('whoever speaks on after a recogniser ended its stream gets another one, and it is one utterance', async () => {
  const { recognise, hearing } = open({ limits: { longestMs: 1 } })
  await google.say('helix scale the web socket')
  await google.say('to three replicas')
  const spoken = spokenBy(ada)
  const heard = recognise(spoken.utterance, hearing)
  const unknown = packets.map((packet) => Buffer.from(packet).fill(0x11, 5))
  const before = google.heard().length
  spoken.say(unknown.slice(0, 60))
  await vi.waitFor(() => expect(google.heard().length).toBeGreaterThan(before), 10_000)
  spoken.say(unknown.slice(60, 120))
  spoken.end('too long')
  expect(await heard).toMatchObject({ kind: 'said', cut: true, transcript: { text: 'helix scale the web socket to three replicas' } })
})

test('over the budget nobody listens, and the guild is told once, whoever asks and after a restart', async () => {
  const first = open({ secondsPerDay: 3 })
  const speak = async ({ recognise }: typeof first) => {
    const spoken = spokenBy(ada)
    const heard = recognise(spoken.utterance, first.hearing)
    spoken.say(packets)
    spoken.end()
    return heard
  }
  expect((await speak(first)).kind).toBe('said')
  const told = await Promise.all([speak(first), speak(open({ secondsPerDay: 3 })), speak(open({ secondsPerDay: 3 }))])
  expect(told.map(({ kind }) => kind)).toEqual(Array(3).fill('over budget'))
  expect(told.filter((each) => each.kind === 'over budget' && each.tell)).toHaveLength(1)
  expect((told[0] as { message: string }).message).toBe(
    'Helix has heard as much speech here today as it may: 3 seconds. It listens again at 00:00 UTC.',
  )
  expect((await first.budget.state(first.guild)).usedSeconds).toBe(Math.ceil(packets.length * 0.02))
  expect((await speak({ ...open({ secondsPerDay: 60 }) })).kind).toBe('said')
})

test('trap 8 of what users complain about: of eight who speak at once, nothing is credited to another, however late it comes', async () => {
  const { recognise, hearing } = open()
  const synthesizer = createGoogleSynthesizer({ access: google.access, clock })
  endings.push(() => synthesizer.close())
  const words = ['deploy', 'roll back', 'restart', 'scale', 'logs', 'health', 'cancel', 'confirm'].map(
    (verb) => `helix ${verb} the voice processor`,
  )
  const clips = await Promise.all(words.map((text) => synthesizer.synthesize({ text, language: 'en-US', encoding: 'OGG_OPUS' })))
  const speakers = clips.map(({ bytes }, index) => ({ ...spokenBy(`user ${index}`), audio: opusPacketsOf(bytes)! }))
  // One of them is heard a second time, and answered last.
  await google.fault('cut-stream', { next: 1 })
  const heard = speakers.map(({ utterance }) => recognise(utterance, hearing))
  for (let at = 0; at < Math.max(...speakers.map(({ audio }) => audio.length)); at++)
    for (const { audio, say } of speakers) say(audio.slice(at, at + 1))
  for (const { end } of speakers) end()
  const all = await Promise.all(heard)
  expect(all.map((each) => [each.user, each.kind === 'said' ? each.transcript.text : each.kind])).toEqual(
    words.map((text, index) => [`user ${index}`, text]),
  )
})
