import type { Clock } from '#src/kernel/clock.ts'
import type { SpokenUtterance, UtteranceEnd } from '#src/voice/room.ts'
import { createPacketOrder, type RtpStamp } from './packet-order.ts'
import { createPacketQueue } from './packet-queue.ts'

export interface UtteranceLimits {
  /** After the last packet with speech. 200 ms cut sentences in pieces; longer ones make every answer later. */
  readonly silenceMs: number
  readonly longestMs: number
}

export interface UtteranceDeps {
  readonly user: string
  readonly number: number
  readonly clock: Clock
  readonly limits: UtteranceLimits
  readonly onLost: (packets: number) => void
  readonly onEnd: (how: UtteranceEnd) => void
}

/** One utterance while it is spoken. */
export interface Utterance {
  readonly spoken: SpokenUtterance
  speech(packet: Uint8Array, stamp: RtpStamp): void
  /** Is part of what was said, and makes it last no longer. */
  silence(packet: Uint8Array, stamp: RtpStamp): void
  /** The member's packets come from another source now, with numbers of their own. */
  renumber(): void
  drop(): void
}

const PACKET_MS = 20

/** Discord's clients say nothing when somebody stops speaking: the end is when nothing came for a while, by a time of our own. */
export function createUtterance({ user, number, clock, limits, onLost, onEnd }: UtteranceDeps): Utterance {
  const startedAt = clock.now()
  const queue = createPacketQueue()
  const order = createPacketOrder({ pass, onLost })
  const { promise: ended, resolve } = Promise.withResolvers<UtteranceEnd>()
  const over = new AbortController()
  const latest = startedAt.getTime() + limits.longestMs
  let lastSpeech = startedAt.getTime()
  /** Whoever sends faster than time goes by fills no memory. */
  let room = (limits.longestMs / PACKET_MS) * 2

  function pass(packet: Uint8Array): void {
    if (--room >= 0) queue.push(packet)
  }

  function end(how: UtteranceEnd): void {
    if (over.signal.aborted) return
    over.abort()
    if (how === 'dropped') {
      queue.drop()
    } else {
      order.flush()
      queue.end()
    }
    resolve(how)
    onEnd(how)
  }

  async function keepTime(): Promise<void> {
    while (!over.signal.aborted) {
      const due = Math.min(lastSpeech + limits.silenceMs, latest)
      await clock.sleep(due - clock.now().getTime(), over.signal)
      // After a stall of the process timers come before what arrived meanwhile.
      await new Promise(setImmediate)
      const now = clock.now().getTime()
      if (now >= latest) end('too long')
      else if (now - lastSpeech >= limits.silenceMs) end('silence')
    }
  }

  void keepTime()
  return {
    spoken: { user, number, startedAt, packets: queue, ended },
    speech(packet, stamp) {
      lastSpeech = clock.now().getTime()
      order.push(packet, stamp)
    },
    silence: (packet, stamp) => order.push(packet, stamp),
    renumber: order.flush,
    drop: () => end('dropped'),
  }
}
