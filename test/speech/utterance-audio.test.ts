import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createOggReader, isOpusHeader, opusPacketsOf } from '#src/speech/ogg-reader.ts'
import { isOpusSilence, opusSilence } from '#src/speech/opus-packet.ts'
import { createUtteranceAudio } from '#src/speech/utterance-audio.ts'
import { handClock } from '#test/playground/discord/hand-clock.ts'

const spoken = opusPacketsOf(readFileSync(new URL('../../services/voice-processor/test-clip.ogg', import.meta.url)))!.slice(20, 40)

function listen() {
  const clock = handClock()
  const audio = createUtteranceAudio({ clock, serial: 1 })
  const reader = createOggReader()
  const heard: Uint8Array[] = []
  const take = (bytes: Uint8Array | undefined) => bytes && heard.push(...reader.push(bytes).filter((packet) => !isOpusHeader(packet)))
  take(audio.headers())
  return {
    clock,
    heard,
    audio,
    pause: () => take(audio.pause()),
    end: () => take(audio.end()),
    async say(packets: readonly Uint8Array[], everyMs = 20) {
      for (const packet of packets) {
        take(audio.write(packet))
        await clock.turn(everyMs)
      }
    },
    silent: () => heard.filter(isOpusSilence).length,
  }
}

test('what was said without a pause is passed through, packet by packet', async () => {
  const utterance = listen()
  await utterance.say(spoken)
  utterance.end()
  expect(utterance.heard).toEqual(spoken)
})

test('a pause between words becomes as much silence', async () => {
  const utterance = listen()
  await utterance.say(spoken)
  await utterance.clock.turn(2_000)
  await utterance.say(spoken)
  utterance.end()
  expect(utterance.silent()).toBe(100)
  expect(utterance.audio.durationMs).toBe(2 * spoken.length * 20 + 2_000)
})

test('a pause whose silence comes as packets, when it is over, is no longer for it', async () => {
  const utterance = listen()
  await utterance.say(spoken)
  await utterance.clock.turn(230)
  utterance.pause()
  await utterance.clock.turn(210)
  await utterance.say(Array(22).fill(opusSilence), 0)
  await utterance.say(spoken)
  utterance.end()
  expect(utterance.silent()).toBe(22)
})

test('silence of a pause that is told afterwards alone, as when it is all said again, is kept', async () => {
  const utterance = listen()
  await utterance.say([...spoken, ...Array(22).fill(opusSilence), ...spoken], 0)
  utterance.end()
  expect(utterance.silent()).toBe(22)
})

test('packets that come in bursts, as networks deliver them, are no pauses', async () => {
  const utterance = listen()
  await utterance.say(spoken.slice(0, 10), 0)
  await utterance.clock.turn(199 + 200)
  await utterance.say(spoken.slice(10), 0)
  utterance.end()
  expect(utterance.silent()).toBe(0)
})

test('while nobody speaks, silence goes out as time passes, so that the recogniser does not give up', async () => {
  const utterance = listen()
  await utterance.say(spoken)
  for (let second = 0; second < 5; second++) {
    await utterance.clock.turn(1_000)
    utterance.pause()
  }
  expect(utterance.silent()).toBe(250)
})

test('a pause of minutes does not become minutes of silence', async () => {
  const utterance = listen()
  await utterance.say(spoken)
  await utterance.clock.turn(600_000)
  await utterance.say(spoken)
  utterance.end()
  expect(utterance.silent()).toBe(500)
})
