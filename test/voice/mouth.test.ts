import { expect, test } from 'vitest'
import { createMouth } from '#src/voice/mouth.ts'
import type { Playback } from '#src/voice/room.ts'
import { createVoiceOver } from '#src/voice/voice-over.ts'
import { handClock } from '#test/playground/discord/hand-clock.ts'

/** Playbacks that end when they are told to. */
function mouthStage({ quiet = () => Promise.resolve(), fails = (): boolean => false } = {}) {
  const clock = handClock()
  const playing: { readonly text: string; finish(): void; stopped: boolean }[] = []
  const outcomes: unknown[] = []
  const mouth = createMouth({
    ...{ clock, quiet },
    synthesize: async (text) => {
      if (fails()) throw new Error('no voice')
      return new TextEncoder().encode(text)
    },
    play(ogg): Playback {
      const over = Promise.withResolvers<'finished' | 'interrupted'>()
      const one = { text: new TextDecoder().decode(ogg), finish: () => over.resolve('finished'), stopped: false }
      playing.push(one)
      const stop = () => {
        one.stopped = true
        over.resolve('interrupted')
      }
      return { over: over.promise, stop }
    },
    onOutcome: (error) => void outcomes.push(error),
  })
  return { mouth, playing, outcomes, clock }
}

test('sentences are said one after the other', async () => {
  const { mouth, playing } = mouthStage()
  mouth.say('one')
  mouth.say('two')
  await expect.poll(() => playing.map(({ text }) => text)).toEqual(['one'])
  playing[0]!.finish()
  await expect.poll(() => playing.map(({ text }) => text)).toEqual(['one', 'two'])
  playing[1]!.finish()
  await mouth.silent()
})

test('a member who speaks ends what is said and what waits, and what comes later is said', async () => {
  const { mouth, playing } = mouthStage()
  for (const text of ['one', 'two']) mouth.say(text)
  await expect.poll(() => playing).toHaveLength(1)
  mouth.hush()
  expect(playing[0]!.stopped).toBe(true)
  await mouth.silent()
  mouth.say('three')
  await expect.poll(() => playing.map(({ text }) => text)).toEqual(['one', 'three'])
})

test('nothing is said while a member speaks, but nobody is waited for without end', async () => {
  const silence = Promise.withResolvers<void>()
  const { mouth, playing, clock } = mouthStage({ quiet: () => silence.promise })
  mouth.say('one')
  await clock.slept(5_000)
  expect(playing).toEqual([])
  await clock.turn(5_000)
  await expect.poll(() => playing).toHaveLength(1)
})

test('of many sentences that wait, the newest are said', async () => {
  const { mouth, playing } = mouthStage()
  for (let each = 0; each < 10; each++) mouth.say(String(each))
  for (let each = 0; each < 4; each++) {
    await expect.poll(() => playing.length).toBe(each + 1)
    playing[each]!.finish()
  }
  await mouth.silent()
  expect(playing.map(({ text }) => text).slice(-3)).toEqual(['7', '8', '9'])
})

test('a sentence that cannot be spoken is told, and the next is tried', async () => {
  let broken = true
  const { mouth, playing, outcomes } = mouthStage({ fails: () => broken })
  mouth.say('one')
  await mouth.silent()
  broken = false
  mouth.say('two')
  await expect.poll(() => playing.map(({ text }) => text)).toEqual(['two'])
  expect(outcomes).toEqual([new Error('no voice'), undefined])
})

test('short sentences are synthesized once, by voice and language, within a few megabytes', async () => {
  let asked = 0
  const synthesizer = {
    synthesize: async ({ encoding }: { encoding: 'OGG_OPUS' }) => {
      asked++
      return { bytes: new Uint8Array(1_000), encoding, durationMs: 1 }
    },
  }
  const voiceOver = createVoiceOver({ synthesizer: synthesizer as never, mostBytes: 2_500 })
  const say = (text: string, language = 'en-US') => voiceOver({ text, language })
  await say('Cancelled.')
  await say('Cancelled.')
  expect(asked).toBe(1)
  await say('Cancelled.', 'en-GB')
  await say('x'.repeat(200))
  await say('x'.repeat(200))
  expect(asked).toBe(4)
  await say('Cancelled.')
  await say('Another.')
  await say('Cancelled.')
  expect(asked).toBe(5)
  await say('Cancelled.', 'en-GB')
  expect(asked).toBe(6)
})
