import { randomBytes } from 'node:crypto'

/** What can befall single packets on their way to the bot. */
export const mishaps = ['undecryptable', 'undecryptable-e2ee', 'zero', 'truncate', 'swap', 'duplicate', 'garbage'] as const
export type Mishap = (typeof mishaps)[number]

/** The way from the members to the bot, and what goes wrong on it. All of it counted, none of it by chance: the same faults do the same. */
export interface Network {
  /** So many of each hundred packets never come, until it is cleared. */
  lose(percent: number): void
  /** The next so many packets. */
  befall(mishap: Mishap, count: number): void
  /** How late end-to-end encryption's messages are sent to the bot, and that somebody speaks (op 5). Milliseconds. */
  readonly delays: { dave: number; speaking: number }
  clear(): void
  /** What a member's client sends in place of that Opus packet. */
  opus(packet: Buffer): Buffer
  /** What becomes of a frame after its end-to-end encryption. */
  frame(frame: Buffer): Buffer
  /** What arrives in place of that datagram, in order. */
  datagrams(datagram: Buffer): readonly Buffer[]
}

const ZERO_BYTES = 60
const GARBAGE_BYTES = 90

export function createNetwork(): Network {
  const left = new Map<Mishap, number>()
  const delays = { dave: 0, speaking: 0 }
  let percent = 0
  let debt = 0
  let waiting: Buffer | undefined

  function befalls(mishap: Mishap): boolean {
    const count = left.get(mishap) ?? 0
    if (count > 0) left.set(mishap, count - 1)
    return count > 0
  }

  return {
    lose(share) {
      percent = share
      debt = 0
    },
    befall: (mishap, count) => void left.set(mishap, (left.get(mishap) ?? 0) + count),
    delays,
    clear() {
      left.clear()
      delays.dave = 0
      delays.speaking = 0
      percent = 0
    },
    opus(packet) {
      if (befalls('zero')) return Buffer.alloc(ZERO_BYTES)
      return befalls('truncate') ? packet.subarray(0, 1) : packet
    },
    frame: (frame) => (befalls('undecryptable-e2ee') ? damaged(frame) : frame),
    datagrams(datagram) {
      debt += percent
      if (debt >= 100) {
        debt -= 100
        return []
      }
      const sent = befalls('undecryptable') ? damaged(datagram) : datagram
      if (!waiting && befalls('swap')) {
        waiting = sent
        return []
      }
      const before = befalls('garbage') ? [randomBytes(GARBAGE_BYTES)] : []
      const after = befalls('duplicate') ? [sent] : []
      const late = waiting ? [waiting] : []
      waiting = undefined
      return [...before, sent, ...late, ...after]
    },
  }
}

/** With a byte in its middle that is another. */
function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  const middle = Math.floor(copy.length / 2)
  copy[middle] = copy[middle]! ^ 0xff
  return copy
}
