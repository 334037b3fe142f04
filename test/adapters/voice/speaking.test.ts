import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { opusPacketsOf } from '#src/speech/ogg-reader.ts'
import type { VoiceRoom } from '#src/voice/room.ts'
import { oggOf, packetsOf, spelled } from './packets.ts'
import { channels, idOf, openVoiceStage } from './stage.ts'

let stage: Awaited<ReturnType<typeof openVoiceStage>>
let room: VoiceRoom
beforeEach(async () => {
  stage = await openVoiceStage()
  await stage.enter('admin')
  room = await stage.join()
  room.hear(idOf('admin'))
  // Those at both ends have their keys.
  await stage.speak('admin', packetsOf(1, 3))
  await stage.utterance()
})
afterEach(() => stage.close())

/** What the members heard of Helix, oldest first. */
async function heard(count: number): Promise<readonly (readonly Uint8Array[])[]> {
  const listed = await vi.waitFor(async () => {
    const all = (await (await fetch(`${stage.discord.url}/playground/voice/heard`)).json()) as { audio: string }[]
    expect(all).toHaveLength(count)
    return all.reverse()
  }, 5_000)
  return Promise.all(
    listed.map(async ({ audio }) => opusPacketsOf(new Uint8Array(await (await fetch(`${stage.discord.url}${audio}`)).arrayBuffer()))!),
  )
}

test('what Helix says arrives as it was made, packet by packet, end-to-end encrypted, one thing after the other', async () => {
  const [first, second] = [packetsOf(7, 25), packetsOf(8, 25)]
  const playing = [room.play(oggOf(first)), room.play(oggOf(second))]
  expect(await Promise.all(playing.map(({ over }) => over))).toEqual(['finished', 'finished'])
  expect((await heard(2)).map((packets) => Buffer.concat(packets))).toEqual([Buffer.concat(first), Buffer.concat(second)])
  expect(room.figures().endToEnd).toBe(1)
})

test('it stops when a member who is heard begins to speak, and what waits is not said', async () => {
  const playing = [room.play(oggOf(packetsOf(7, 200))), room.play(oggOf(packetsOf(8, 25)))]
  void stage.speak('admin', packetsOf(1, 10))
  expect(await Promise.all(playing.map(({ over }) => over))).toEqual(['interrupted', 'interrupted'])
  const [said] = await heard(1)
  expect(said!.length).toBeLessThan(150)
  await stage.utterance(1)
  const next = room.play(oggOf(packetsOf(9, 5)))
  expect(await next.over).toBe('finished')
  expect(spelled((await heard(2))[1]!)).toBe('0 1 2 3 4')
})

test('somebody who is not heard does not stop it', async () => {
  await stage.enter('deployer')
  const playing = room.play(oggOf(packetsOf(7, 60)))
  await stage.speak('deployer', packetsOf(2, 10))
  expect(await playing.over).toBe('finished')
})

test('one thing is stopped on demand, and the next is said', async () => {
  const [first, second, third] = [7, 8, 9].map((whose) => room.play(oggOf(packetsOf(whose, 40))))
  second!.stop()
  first!.stop()
  expect(await Promise.all([first!, second!, third!].map(({ over }) => over))).toEqual(['interrupted', 'interrupted', 'finished'])
  expect((await heard(1))[0]![0]![1]).toBe(9)
})

test.each([
  ['nothing', new Uint8Array(0)],
  ['a few bytes', Buffer.from('OggS')],
  ['no Ogg', Buffer.alloc(2_000, 'mp3')],
  ['half a page', oggOf(packetsOf(7, 5)).subarray(0, 40)],
])('%s is no speech: it fails, and what follows is said', async (_, bytes) => {
  const playing = [room.play(bytes), room.play(oggOf(packetsOf(8, 5)))]
  expect(await Promise.all(playing.map(({ over }) => over))).toEqual(['failed', 'finished'])
})

test('what is being said ends when Helix leaves', async () => {
  const playing = room.play(oggOf(packetsOf(7, 200)))
  await room.leave()
  expect(await playing.over).toBe('interrupted')
  expect(await room.play(oggOf(packetsOf(7, 5))).over).toBe('interrupted')
})

test('and when it is moved; there it can speak again', async () => {
  const playing = room.play(oggOf(packetsOf(7, 200)))
  await stage.fault('voice-move', { channel: 'War room' })
  expect(await playing.over).toBe('interrupted')
  await stage.enter('admin', channels.war)
  await vi.waitFor(() => expect(room.figures().state).toBe('ready'), 10_000)
  expect(await room.play(oggOf(packetsOf(8, 5))).over).toBe('finished')
})
