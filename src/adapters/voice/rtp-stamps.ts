import type { VoiceReceiver } from '@discordjs/voice'
import type { Clock } from '#src/kernel/clock.ts'
import type { RtpStamp } from './packet-order.ts'

/** Where a packet comes from: the source is one member's, for as long as that member's connection to the voice server lasts. */
export interface RtpHeader extends RtpStamp {
  readonly source: number
}

export interface RtpStamps {
  /** Of the packet that the receiver hands over in this very tick. Asked for once a packet. */
  take(): RtpHeader | undefined
  /** Another voice server: its sources are other members'. */
  forget(): void
}

export interface RtpStampsDeps {
  readonly receiver: VoiceReceiver
  readonly clock: Clock
  /** A datagram of this member from which no packet came. */
  readonly onUndecryptable: (user: string, header: RtpHeader) => void
}

const HEADER_BYTES = 12
const OPUS = 0x78
/** Half a second of speech of somebody whom Discord has not named yet; longer than that it never takes. */
const MOST_HELD = 25
const MOST_SOURCES = 8
const HELD_MS = 1_000

interface Held {
  readonly since: number
  readonly datagrams: Buffer[]
}

/**
 * @discordjs/voice 0.19.2 hands over bare packets, and drops those of a source before op 5 has told whose it is. Both are made good here, and
 * here alone: the datagram, whose header is not encrypted, is looked at on its way into the receiver; those of unknown sources are held for a
 * moment, encrypted as they are, and follow when their member is known. Its next version has an `AudioPacket` with what is missed here:
 * https://github.com/discordjs/discord.js/pull/11432
 */
export function readRtpStamps({ receiver, clock, onUndecryptable }: RtpStampsDeps): RtpStamps {
  const receive = receiver.onUdpMessage
  const held = new Map<number, Held>()
  const sources = new Map<string, number>()
  let current: RtpHeader | undefined

  function pass(datagram: Buffer, source: number, user: string): void {
    current = { source, sequence: datagram.readUInt16BE(2), timestamp: datagram.readUInt32BE(4) }
    receive(datagram)
    if (current) onUndecryptable(user, current)
    current = undefined
  }

  function hold(datagram: Buffer, source: number): void {
    const now = clock.now().getTime()
    for (const [each, { since }] of held) if (now - since > HELD_MS) held.delete(each)
    if (!held.has(source) && held.size < MOST_SOURCES) held.set(source, { since: now, datagrams: [] })
    const datagrams = held.get(source)?.datagrams
    if (datagrams && datagrams.length < MOST_HELD) datagrams.push(datagram)
  }

  receiver.onUdpMessage = (datagram) => {
    if (datagram.length <= HEADER_BYTES || datagram[0]! >> 6 !== 2 || (datagram[1]! & 0x7f) !== OPUS) return
    const source = datagram.readUInt32BE(8)
    const user = receiver.ssrcMap.get(source)?.userId
    if (user === undefined) hold(datagram, source)
    else pass(datagram, source, user)
  }
  receiver.ssrcMap.on('delete', ({ userId }) => void sources.delete(userId))
  receiver.ssrcMap.on('update', (_, { audioSSRC: source, userId }) => {
    const before = sources.get(userId)
    // Left in the receiver's map, it would be taken for this member's when it is somebody else's.
    if (before !== undefined && before !== source && receiver.ssrcMap.get(before)?.userId === userId) receiver.ssrcMap.delete(before)
    sources.set(userId, source)
    const datagrams = held.get(source)?.datagrams ?? []
    held.delete(source)
    for (const datagram of datagrams) pass(datagram, source, userId)
  })

  return {
    take() {
      const header = current
      current = undefined
      return header
    },
    forget() {
      held.clear()
      for (const source of [...sources.values()]) receiver.ssrcMap.delete(source)
    },
  }
}
