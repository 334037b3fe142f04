import type { WebSocket } from 'ws'
import type { Recognition } from '#src/speech/transcriber.ts'
import type { TranscriptFeed } from '#src/speech/transcript-feed.ts'
import { audioFrame, type ClientMessage, mostPhrases } from '#src/speech/wire.ts'
import { failed, lost } from './remote-failure.ts'
import { readMessage } from './remote-socket.ts'

/** The utterances on one connection to `WS /ws/transcribe`. They fail with it. */
export interface RemoteLine {
  start(number: number, recognition: Recognition, feed: TranscriptFeed): void
  audio(number: number, packet: Uint8Array): void
  end(number: number): void
  cancel(number: number): void
  /** Not yet sent, in bytes. */
  readonly unsent: number
  close(): void
  /** At once: it takes nothing any more. */
  cut(): void
}

export function createRemoteLine(socket: WebSocket, onClose: () => void): RemoteLine {
  const feeds = new Map<number, TranscriptFeed>()
  const say = (message: ClientMessage) => socket.send(JSON.stringify(message))

  function settle(number: number, error?: unknown): void {
    feeds.get(number)?.end(error)
    feeds.delete(number)
  }

  function hear(text: string): void {
    const message = readMessage(text)
    if (!message || message.type === 'ready' || message.utterance === undefined) return
    const { utterance } = message
    if (message.type === 'error') {
      settle(utterance, failed(message))
      return
    }
    const { type, confidence, language } = message
    if (message.text !== '') feeds.get(utterance)?.push({ text: message.text, confidence, language, isFinal: type === 'final' })
    if (type === 'final') settle(utterance)
  }

  socket.on('message', (data) => hear(data.toString()))
  socket.once('close', (code, reason) => {
    onClose()
    for (const number of [...feeds.keys()]) settle(number, lost(`closed with ${code}: ${reason}`))
  })

  return {
    start(utterance, { language, phrases = [] }, feed) {
      feeds.set(utterance, feed)
      say({ type: 'start', utterance, language, phrases: phrases.slice(0, mostPhrases) })
    },
    audio: (number, packet) => socket.send(audioFrame(number, packet)),
    end: (utterance) => say({ type: 'end', utterance }),
    cancel(utterance) {
      feeds.delete(utterance)
      say({ type: 'cancel', utterance })
    },
    get unsent() {
      return socket.bufferedAmount
    },
    close: () => socket.close(1000),
    cut() {
      onClose()
      socket.terminate()
    },
  }
}
