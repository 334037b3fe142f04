import type { Recognition, UtteranceStream } from '#src/speech/transcriber.ts'
import { createTranscriptFeed } from '#src/speech/transcript-feed.ts'
import { longestPacket } from '#src/speech/wire.ts'
import { lost } from './remote-failure.ts'
import type { RemoteLine } from './remote-line.ts'

export interface RemoteUtteranceDeps {
  readonly number: number
  readonly recognition: Recognition
  connected(): Promise<RemoteLine>
}

/** More than that waits for the network only where there is none. */
const MOST_WAITING_BYTES = 1_000_000

/** One utterance on the connection that all share. What is written before it stands is kept, and follows. */
export function createRemoteUtterance({ number, recognition, connected }: RemoteUtteranceDeps): UtteranceStream {
  const feed = createTranscriptFeed()
  const waiting: Uint8Array[] = []
  let waitingBytes = 0
  let line: RemoteLine | undefined
  let ending = false

  function send(packet: Uint8Array): void {
    if (line) {
      line.audio(number, packet)
    } else {
      waiting.push(packet)
      waitingBytes += packet.length
    }
    if ((line?.unsent ?? waitingBytes) <= MOST_WAITING_BYTES) return
    feed.end(lost('it takes no audio'))
    // It serves nobody: whoever speaks next gets another one.
    line?.cut()
  }

  async function begin(): Promise<void> {
    try {
      const opened = await connected()
      if (feed.ended) return
      opened.start(number, recognition, feed)
      line = opened
      for (const packet of waiting.splice(0)) send(packet)
      if (ending) opened.end(number)
    } catch (error) {
      feed.end(error)
    }
  }

  void begin()
  return {
    transcripts: feed,
    write(packet) {
      // One that is no packet would cost every utterance their connection.
      const isPacket = packet.length > 0 && packet.length <= longestPacket
      if (ending || feed.ended) return false
      if (isPacket) send(packet)
      return true
    },
    end() {
      if (!ending && !feed.ended) line?.end(number)
      ending = true
    },
    cancel() {
      if (!feed.ended) line?.cancel(number)
      feed.end()
    },
  }
}
