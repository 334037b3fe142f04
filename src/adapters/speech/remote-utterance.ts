import type { Recognition, UtteranceStream } from '#src/speech/transcriber.ts'
import { createTranscriptFeed, type TranscriptFeed } from '#src/speech/transcript-feed.ts'
import { mostPhrases } from '#src/speech/wire.ts'
import { lost, type RemoteLine } from './remote-line.ts'

export interface RemoteUtteranceDeps {
  readonly number: number
  readonly recognition: Recognition
  connected(): Promise<RemoteLine>
  /** It is over: nothing more is for it. */
  onOver(): void
}

/** More than that waits for the network only where there is none. */
const MOST_WAITING_BYTES = 1_000_000

/** One utterance on the connection that all share. What is written before it stands is kept, and follows. */
export function createRemoteUtterance(deps: RemoteUtteranceDeps): UtteranceStream & { readonly feed: TranscriptFeed } {
  const { number, recognition, onOver } = deps
  const feed = createTranscriptFeed()
  const waiting: ((line: RemoteLine) => void)[] = []
  let waitingBytes = 0
  let line: RemoteLine | undefined
  let ending = false

  function finish(error?: unknown): void {
    feed.end(error)
    onOver()
  }

  function give(act: (line: RemoteLine) => void, bytes = 0): void {
    if (feed.ended) return
    if (line) act(line)
    else waiting.push(act)
    waitingBytes += bytes
    if ((line?.unsent ?? waitingBytes) > MOST_WAITING_BYTES) finish(lost('it takes no audio'))
  }

  async function begin(): Promise<void> {
    try {
      const opened = await deps.connected()
      if (feed.ended) return
      const { language, phrases = [] } = recognition
      opened.say({ type: 'start', utterance: number, language, phrases: phrases.slice(0, mostPhrases) })
      line = opened
      for (const act of waiting.splice(0)) act(opened)
    } catch (error) {
      finish(error)
    }
  }

  void begin()
  return {
    feed,
    transcripts: feed,
    write(packet) {
      if (!ending) give((open) => open.audio(number, packet), packet.length)
    },
    end() {
      if (!ending) give((open) => open.say({ type: 'end', utterance: number }))
      ending = true
    },
    cancel() {
      if (feed.ended) return
      line?.say({ type: 'cancel', utterance: number })
      finish()
    },
  }
}
