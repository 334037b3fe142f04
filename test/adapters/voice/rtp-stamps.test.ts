import { randomBytes } from 'node:crypto'
import { VoiceReceiver } from '@discordjs/voice'
import { expect, test } from 'vitest'
import { writeRtp } from '#playground/discord/voice/rtp.ts'
import { createTransport } from '#playground/discord/voice/transport.ts'
import { readRtpStamps } from '#src/adapters/voice/rtp-stamps.ts'
import { handClock } from '#test/playground/discord/hand-clock.ts'
import { packetsOf } from './packets.ts'

const mode = 'aead_aes256_gcm_rtpsize'
const [ada, omar] = ['1100000000000000401', '1100000000000000403']

/** A receiver of @discordjs/voice as it stands behind a voice server, without one. */
function receiving() {
  const secretKey = randomBytes(32)
  const transport = createTransport(mode, secretKey)
  const receiver = new VoiceReceiver({ state: { status: 'connecting' } } as never)
  receiver.connectionData = { encryptionMode: mode, secretKey, nonceBuffer: Buffer.alloc(12) }
  const clock = handClock()
  const undecryptable: string[] = []
  const stamps = readRtpStamps({ receiver, clock, onUndecryptable: (user) => undecryptable.push(user) })
  const heard: string[] = []
  for (const user of [ada, omar]) {
    const stream = receiver.subscribe(user)
    stream.push = (packet) => {
      const header = stamps.take()
      heard.push(`${user.slice(-1)}:${header?.source}/${header?.sequence}/${header?.timestamp} ${packet?.readUInt16BE(2)}`)
      return true
    }
  }
  return {
    ...{ receiver, stamps, clock, heard, undecryptable },
    speaks: (user: string, ssrc: number) => receiver.onWsPacket({ op: 5, d: { user_id: user, ssrc, speaking: 1 } } as never),
    send(ssrc: number, sequence: number, key = transport) {
      const { header, extension } = writeRtp({ ssrc, sequence, timestamp: sequence * 960 })
      receiver.onUdpMessage(key.seal(header, Buffer.concat([extension, packetsOf(1, sequence + 1)[sequence]!])))
    },
  }
}

test('trap 7: each packet comes with its own number and time, as its datagram says', () => {
  const { speaks, send, heard } = receiving()
  speaks(ada, 7)
  for (const sequence of [4, 6, 5]) send(7, sequence)
  expect(heard).toEqual(['1:7/4/3840 4', '1:7/6/5760 6', '1:7/5/4800 5'])
})

test('trap 2: what comes before its member is known follows when it is, in its order, and not a second later', async () => {
  const { speaks, send, heard, clock } = receiving()
  for (const sequence of [1, 2, 3]) send(7, sequence)
  expect(heard).toEqual([])
  speaks(ada, 7)
  expect(heard).toEqual(['1:7/1/960 1', '1:7/2/1920 2', '1:7/3/2880 3'])
  send(8, 1)
  await clock.turn(1_001)
  send(8, 2)
  speaks(omar, 8)
  expect(heard.slice(3)).toEqual(['3:8/2/1920 2'])
})

test('what nobody turns out to have said fills no memory', () => {
  const { speaks, send, heard } = receiving()
  for (let source = 100; source < 200; source++) send(source, 1)
  for (let sequence = 0; sequence < 200; sequence++) send(100, sequence)
  speaks(ada, 100)
  expect(heard).toHaveLength(25)
  speaks(omar, 150)
  expect(heard).toHaveLength(25)
})

test('attribution: a number that was one member’s at the voice server before is nobody’s at the next', () => {
  const { speaks, send, heard, stamps } = receiving()
  speaks(ada, 7)
  stamps.forget()
  send(7, 1)
  expect(heard).toEqual([])
  speaks(omar, 7)
  expect(heard).toEqual(['3:7/1/960 1'])
})

test('attribution: a member who comes back has a new number, and the one from before is another’s', () => {
  const { speaks, send, heard } = receiving()
  speaks(ada, 7)
  speaks(ada, 8)
  send(7, 1)
  expect(heard).toEqual([])
  speaks(omar, 7)
  send(8, 5)
  expect(heard).toEqual(['3:7/1/960 1', '1:8/5/4800 5'])
})

test('a datagram that cannot be decrypted is told with its member; one that is no speech is nothing', () => {
  const { speaks, send, undecryptable, receiver } = receiving()
  receiver.subscriptions.get(ada)!.on('error', () => {})
  speaks(ada, 7)
  send(7, 1, createTransport(mode, randomBytes(32)))
  receiver.onUdpMessage(Buffer.alloc(8))
  receiver.onUdpMessage(randomBytes(5))
  expect(undecryptable).toEqual([ada])
})
