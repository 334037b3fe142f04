import { afterEach, describe, expect, test, vi } from 'vitest'
import { hurriedClock } from '#test/support/hurried-clock.ts'
import { packetsOf, spelled } from './packets.ts'
import { channels, everybody, idOf, openVoiceStage, type VoiceStageOptions } from './stage.ts'

type Stage = Awaited<ReturnType<typeof openVoiceStage>>
const open: Stage[] = []
afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close()
})

/** Ada is in the channel, Helix comes, and she is heard. */
async function adaHeard(options: VoiceStageOptions = {}) {
  const stage = await openVoiceStage(options)
  open.push(stage)
  await stage.enter('admin')
  const room = await stage.join()
  room.hear(idOf('admin'))
  return { stage, room }
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at).join(' ')
const ada = idOf('admin')

describe('with DAVE on', () => {
  test('trap 1: what a member says arrives from the very first packet on, byte for byte', async () => {
    const { stage, room } = await adaHeard()
    const packets = packetsOf(1, 65)
    await stage.speak('admin', packets)
    const { user, number, packets: heard, how } = await stage.utterance()
    expect({ user, number, how }).toEqual({ user: ada, number: 1, how: 'silence' })
    expect(Buffer.concat(heard.slice(0, 65))).toEqual(Buffer.concat(packets))
    expect(room.figures()).toMatchObject({ state: 'ready', endToEnd: 1, transport: 'aead_aes256_gcm_rtpsize', lost: 0, undecryptable: 0 })
  })

  test('trap 2: what is said before Discord tells whose it is (op 5) is kept for a moment, and not lost', async () => {
    const { stage } = await adaHeard()
    await stage.fault('voice-late', { what: 'speaking', ms: 250 })
    await stage.speak('admin', packetsOf(1, 40))
    expect(spelled((await stage.utterance()).packets)).toMatch(numbers(0, 40))
  })

  test('trap 3: a packet that cannot be decrypted breaks the subscription, which is taken again: that packet alone is silence', async () => {
    const { stage, room } = await adaHeard()
    const spoken = stage.speak('admin', packetsOf(1, 40))
    await stage.toldOf(`speaking ${ada}`)
    await stage.fault('voice-packets', { kind: 'undecryptable', count: 3 })
    await spoken
    const heard = spelled((await stage.utterance()).packets)
    expect(heard).toMatch(/^0 .*- - - \d+ .*38 39/)
    expect(
      heard
        .split(' ')
        .slice(0, 40)
        .filter((word) => word === '-'),
    ).toHaveLength(3)
    expect(room.figures()).toMatchObject({ undecryptable: 3, resubscribed: 3, lost: 0 })
  })

  test('trap 4: while the keys are being exchanged, ciphertext comes as if it were Opus, and none of it leaves', async () => {
    const { stage, room } = await adaHeard({ discord: { wire: hurriedClock(10) } })
    await stage.fault('voice-late', { what: 'dave', ms: 60_000 })
    await stage.fault('voice-move', { channel: 'War room' })
    await stage.toldOf(`moved ${channels.war}`)
    await stage.enter('admin', channels.war)
    await vi.waitFor(() => expect(room.figures().state).toBe('ready'), 10_000)
    await stage.speak('admin', packetsOf(1, 30))
    await vi.waitFor(() => expect(room.figures().undecryptable).toBeGreaterThan(0), 10_000)
    expect(stage.begun).toEqual([])
  })

  test('trap 5: when nothing more can be decrypted the group is joined anew, and hearing goes on', async () => {
    const { stage, room } = await adaHeard()
    await stage.speak('admin', packetsOf(1, 10))
    await stage.utterance()
    await stage.fault('voice-packets', { kind: 'undecryptable-e2ee', count: 45 })
    await stage.speak('admin', packetsOf(2, 60))
    await vi.waitFor(() => expect(room.figures().undecryptable).toBeGreaterThan(36), 10_000)
    await stage.fault('clear')
    await stage.speak('admin', packetsOf(3, 40))
    const last = await stage.until(() => stage.said.find(({ packets }) => packets.some((packet) => packet[1] === 3)))
    expect(spelled(last.packets)).toContain(numbers(30, 40))
    for (const { packets } of stage.said) for (const packet of packets) expect(packet.length).toBeLessThanOrEqual(60)
  })

  test('where nothing can be decrypted for three seconds of speech, the session begins anew, and everybody is heard again', async () => {
    const { stage, room } = await adaHeard({ discord: { wire: hurriedClock(4) } })
    await stage.fault('voice-packets', { kind: 'undecryptable-e2ee', count: 10_000 })
    await stage.speak('admin', packetsOf(1, 240))
    expect(stage.log.lines.map(({ message }) => message)).toContain(
      'nothing that is said can be decrypted: the voice connection begins anew',
    )
    await stage.fault('clear')
    await vi.waitFor(() => expect(room.figures().state).toBe('ready'), 10_000)
    await stage.speak('admin', packetsOf(2, 40))
    expect((await stage.utterance()).packets.filter((packet) => packet[1] === 2).length).toBeGreaterThan(20)
  })

  test('trap 6: an utterance ends by a time of Helix’s own, and one that never began needs no end', async () => {
    const { stage } = await adaHeard()
    const spoken = stage.speak('admin', packetsOf(1, 50))
    await stage.toldOf(`speaking ${ada}`)
    await stage.fault('voice-loss', { percent: 100 })
    await spoken
    const { how, packets } = await stage.utterance()
    expect([how, packets.length < 50]).toEqual(['silence', true])
    await stage.speak('admin', packetsOf(2, 10))
    expect(stage.begun).toHaveLength(1)
  })

  test('trap 7: swapped and doubled packets are put in their order; what is lost is silence of the same length', async () => {
    const { stage, room } = await adaHeard()
    const spoken = stage.speak('admin', packetsOf(1, 30))
    await stage.toldOf(`speaking ${ada}`)
    await stage.fault('voice-packets', { kind: 'swap', count: 4 })
    await stage.fault('voice-packets', { kind: 'duplicate', count: 6 })
    await spoken
    expect(spelled((await stage.utterance()).packets)).toMatch(numbers(0, 30))
    await stage.fault('voice-loss', { percent: 10 })
    await stage.speak('admin', packetsOf(1, 50))
    const heard = spelled((await stage.utterance(1)).packets)
      .split(' ')
      .slice(0, 50)
    expect(heard.filter((word) => word !== '-')).toHaveLength(45)
    expect(heard.findIndex((word, at) => word !== '-' && Number(word) !== at)).toBe(-1)
    expect(room.figures().lost).toBeGreaterThanOrEqual(5)
  })

  test('trap 8: the silence after a burst is not encrypted end to end, and is silence', async () => {
    const { stage, room } = await adaHeard()
    await stage.speak('admin', packetsOf(1, 10))
    expect(spelled((await stage.utterance()).packets)).toBe(`${numbers(0, 10)} - - - - -`)
    expect(room.figures()).toMatchObject({ undecryptable: 0, unusable: 0 })
  })

  test('eight who speak at once stay eight: no packet is credited to another', async () => {
    const stage = await openVoiceStage()
    open.push(stage)
    for (const who of everybody) await stage.enter(who)
    const room = await stage.join()
    for (const who of everybody) room.hear(idOf(who))
    await Promise.all(everybody.map((who, whose) => stage.speak(who, packetsOf(whose, 100))))
    // A machine that is busy makes pauses, and so an utterance of what was one more: all that counts is whose each packet is.
    const heard = (who: (typeof everybody)[number]) =>
      stage.said.filter(({ user }) => user === idOf(who)).flatMap(({ packets }) => packets.filter((packet) => packet.length > 3))
    await stage.until(() => (everybody.every((who) => heard(who).length >= 100) ? true : undefined))
    for (const [whose, who] of everybody.entries())
      expect(Buffer.compare(Buffer.concat(heard(who)), Buffer.concat(packetsOf(whose, 100)))).toBe(0)
    expect(new Set(stage.said.map(({ number }) => number)).size).toBe(stage.said.length)
  })

  test('encryption that is taken away in the middle of a call, and given back, costs no member their voice', async () => {
    const { stage, room } = await adaHeard()
    await stage.speak('admin', packetsOf(1, 20))
    await stage.utterance()
    await stage.fault('voice-encryption', { version: 0 })
    await stage.speak('admin', packetsOf(1, 20))
    expect(spelled((await stage.utterance(1)).packets)).toMatch(numbers(0, 20))
    expect(room.figures().endToEnd).toBe(0)
    await stage.fault('voice-encryption', { version: 1 })
    await stage.speak('admin', packetsOf(1, 20))
    expect(spelled((await stage.utterance(2)).packets)).toContain(numbers(5, 20))
    expect(room.figures().endToEnd).toBe(1)
  })
})

describe('who is heard', () => {
  test('nobody is, before they said so: not a packet of theirs is taken', async () => {
    const { stage, room } = await adaHeard()
    await stage.enter('deployer')
    await Promise.all([stage.speak('deployer', packetsOf(2, 30)), stage.speak('admin', packetsOf(1, 30))])
    await stage.utterance()
    expect(stage.begun.map(({ user }) => user)).toEqual([ada])
    expect(room.figures()).toMatchObject({ packets: 35, undecryptable: 0 })
  })

  test('whoever withdraws in the middle of a sentence has said nothing, and is not heard any more', async () => {
    const { stage, room } = await adaHeard()
    const spoken = stage.speak('admin', packetsOf(1, 50))
    await stage.toldOf(`speaking ${ada}`)
    room.ignore(ada)
    await spoken
    expect(await stage.utterance()).toMatchObject({ user: ada, how: 'dropped' })
    const before = room.figures().packets
    await stage.speak('admin', packetsOf(1, 20))
    expect([room.figures().packets, stage.begun.length]).toEqual([before, 1])
    room.hear(ada)
    await stage.speak('admin', packetsOf(1, 20))
    expect(spelled((await stage.utterance(1)).packets)).toMatch(numbers(0, 20))
  })

  test('whoever leaves in the middle of a sentence has said nothing; who comes and goes is told', async () => {
    const { stage, room } = await adaHeard()
    await stage.enter('deployer')
    await stage.toldOf(`here ${idOf('deployer')}`)
    expect(room.members()).toEqual([ada, idOf('deployer')])
    void stage.speak('admin', packetsOf(1, 50))
    await stage.toldOf(`speaking ${ada}`)
    await stage.leave('admin')
    expect(await stage.utterance()).toMatchObject({ user: ada, how: 'dropped' })
    expect(stage.told).toContain(`away ${ada}`)
    expect(room.members()).toEqual([idOf('deployer')])
    await stage.enter('admin')
    await stage.speak('admin', packetsOf(1, 20))
    expect(spelled((await stage.utterance(1)).packets)).toMatch(numbers(0, 20))
  })

  test('a speech that does not end is cut, and the rest of it is not heard until there is a pause', async () => {
    const { stage } = await adaHeard({ limits: { longestMs: 400 } })
    await stage.speak('admin', packetsOf(1, 80))
    expect(await stage.utterance()).toMatchObject({ how: 'too long' })
    expect(stage.begun).toHaveLength(1)
    // Meanwhile she pauses.
    await stage.enter('deployer')
    await stage.speak('deployer', packetsOf(2, 30))
    await stage.speak('admin', packetsOf(1, 10))
    expect(spelled((await stage.utterance(1)).packets)).toMatch(numbers(0, 10))
  })

  test('a pause that is shorter than the silence is part of one utterance, as silence', async () => {
    const { stage } = await adaHeard()
    await stage.speak('admin', packetsOf(1, 10))
    await stage.speak('admin', packetsOf(1, 10))
    const { packets } = await stage.utterance()
    expect(spelled(packets)).toMatch(/^0 1 2 3 4 5 6 7 8 9 (- ){5,12}0 1 2 3 4 5 6 7 8 9/)
  })
})

describe('what is no speech', () => {
  test.each(['zero', 'truncate'])('a stream of %s packets begins no utterance, and none of it leaves', async (kind) => {
    const { stage, room } = await adaHeard()
    await stage.fault('voice-packets', { kind, count: 20 })
    await stage.speak('admin', packetsOf(1, 20))
    await vi.waitFor(() => expect(room.figures().packets).toBe(25))
    expect(stage.begun).toEqual([])
  })

  test('datagrams of noise between the packets change nothing', async () => {
    const { stage, room } = await adaHeard()
    await stage.fault('voice-packets', { kind: 'garbage', count: 20 })
    await stage.speak('admin', packetsOf(1, 30))
    expect(spelled((await stage.utterance()).packets)).toMatch(numbers(0, 30))
    expect(room.figures()).toMatchObject({ lost: 0, resubscribed: 0 })
  })
})

test.each(['aead_aes256_gcm_rtpsize', 'aead_xchacha20_poly1305_rtpsize'] as const)('transport encryption %s', async (mode) => {
  const { stage, room } = await adaHeard({ discord: { voice: { modes: [mode] } } })
  await stage.speak('admin', packetsOf(1, 20))
  expect(spelled((await stage.utterance()).packets)).toMatch(numbers(0, 20))
  expect(room.figures().transport).toBe(mode)
})
