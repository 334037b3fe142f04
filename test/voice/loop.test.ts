import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createGoogleTranscriber } from '#src/adapters/speech/create-google-transcriber.ts'
import { createStore } from '#src/adapters/store/create-store.ts'
import type { Store } from '#src/adapters/store/store.ts'
import { systemClock } from '#src/kernel/clock.ts'
import type { Transcriber } from '#src/speech/transcriber.ts'
import { createRecognise, type Recognised } from '#src/voice/recognise.ts'
import { createSpeechBudget } from '#src/voice/speech-budget.ts'
import { everybody, idOf, openVoiceStage } from '#test/adapters/voice/stage.ts'
import { type EmulatedGoogle, startEmulatedGoogle } from '#test/support/emulated-google.ts'
import { createTestDatabase, type TestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'

const clock = systemClock()
let google: EmulatedGoogle
let database: TestDatabase
let store: Store
let transcriber: Transcriber
beforeAll(async () => {
  google = await startEmulatedGoogle()
  database = await createTestDatabase()
  store = createStore({ url: database.url, poolSize: 4, log: quietLog() })
  transcriber = createGoogleTranscriber({ access: google.access, clock, version: 'v1' })
})
afterAll(async () => {
  await transcriber.close()
  await store.close()
  await database.drop()
  await google.close()
})

const stages: Awaited<ReturnType<typeof openVoiceStage>>[] = []
afterEach(async () => {
  await google.fault('clear')
  for (const stage of stages.splice(0)) await stage.close()
})

/** From members' packets to transcripts: the emulated Discord with DAVE on, Helix's own ears, the emulated Google. */
async function listening(secondsPerDay = 3_600) {
  const budget = createSpeechBudget({ store, clock, secondsPerDay })
  const recognise = createRecognise({ transcriber, budget, clock, log: quietLog() })
  const heard: Promise<Recognised>[] = []
  const hearing = { guild: `guild ${stages.length} ${secondsPerDay}`, language: 'en-US', phrases: [] }
  const stage = await openVoiceStage({
    discord: { sounds: google.emulator.sounds },
    onUtterance: (utterance) => heard.push(recognise(utterance, hearing)),
  })
  stages.push(stage)
  return { stage, heard }
}

const textOf = (each: Recognised) => (each.kind === 'said' ? each.transcript.text : each.kind)

test('eight people who speak at once, each of whom is understood, and none for another', async () => {
  const { stage, heard } = await listening()
  for (const who of everybody) await stage.enter(who)
  const room = await stage.join()
  for (const who of everybody) room.hear(idOf(who))
  const words = ['deploy', 'roll back', 'restart', 'scale', 'logs', 'health', 'cancel', 'confirm'].map(
    (verb) => `helix ${verb} the voice processor`,
  )
  await Promise.all(everybody.map((who, index) => stage.say(who, words[index]!)))
  await expect.poll(() => heard.length, { timeout: 5_000 }).toBe(everybody.length)
  const all = await Promise.all(heard)
  expect(Object.fromEntries(all.map((each) => [each.user, textOf(each)]))).toEqual(
    Object.fromEntries(everybody.map((who, index) => [idOf(who), words[index]])),
  )
})

test('a recogniser that is cut in the middle of a word, and one that is away: it is heard again, or nothing is made up', async () => {
  const { stage, heard } = await listening()
  await stage.enter('admin')
  const room = await stage.join()
  room.hear(idOf('admin'))
  await google.fault('cut-stream', { next: 1 })
  await stage.say('admin', 'helix restart the bot')
  await expect.poll(() => heard.length, { timeout: 5_000 }).toBe(1)
  expect(textOf(await heard[0]!)).toBe('helix restart the bot')
  await google.fault('refuse', { kind: 'unavailable', times: 2 })
  await stage.say('admin', 'helix restart the bot')
  await expect.poll(() => heard.length, { timeout: 5_000 }).toBe(2)
  expect((await heard[1]!).kind).toBe('failed')
})
