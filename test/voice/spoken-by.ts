import { createPacketQueue } from '#src/adapters/voice/packet-queue.ts'
import type { SpokenUtterance, UtteranceEnd } from '#src/voice/room.ts'

let count = 0

/** An utterance by hand: what is written is said, until it ends. */
export function spokenBy(user: string) {
  const queue = createPacketQueue()
  const { promise: ended, resolve } = Promise.withResolvers<UtteranceEnd>()
  const utterance: SpokenUtterance = { user, number: ++count, startedAt: new Date(), packets: queue, ended }
  return {
    utterance,
    say(packets: readonly Uint8Array[]) {
      for (const packet of packets) queue.push(packet)
    },
    end(how: UtteranceEnd = 'silence') {
      if (how === 'dropped') queue.drop()
      else queue.end()
      resolve(how)
    },
  }
}
