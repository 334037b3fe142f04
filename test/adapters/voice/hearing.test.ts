import { afterEach, beforeEach, expect, test } from 'vitest'
import { packetsOf, spelled } from './packets.ts'
import { idOf, openVoiceStage } from './stage.ts'

let stage: Awaited<ReturnType<typeof openVoiceStage>>
beforeEach(async () => {
  stage = await openVoiceStage()
})
afterEach(() => stage.close())

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at).join(' ')

test('trap 1: what a member says arrives from the very first packet on, byte for byte, with DAVE on', async () => {
  await stage.enter('admin')
  const room = await stage.join()
  room.hear(idOf('admin'))
  const packets = packetsOf(1, 65)
  await stage.speak('admin', packets)
  const { user, packets: heard, how } = await stage.utterance()
  expect({ user, how }).toEqual({ user: idOf('admin'), how: 'silence' })
  expect(spelled(heard.slice(0, 65))).toBe(numbers(65))
  expect(Buffer.concat(heard.slice(0, 65))).toEqual(Buffer.concat(packets))
  expect(room.figures()).toMatchObject({ state: 'ready', endToEnd: 1, transport: 'aead_aes256_gcm_rtpsize', lost: 0, undecryptable: 0 })
})
