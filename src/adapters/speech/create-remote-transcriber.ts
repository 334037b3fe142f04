import { UpstreamError } from '#src/kernel/errors.ts'
import type { Transcriber } from '#src/speech/transcriber.ts'
import type { TranscriptFeed } from '#src/speech/transcript-feed.ts'
import type { ServiceMessage } from '#src/speech/wire.ts'
import { transcribeRemotely } from './remote-clip.ts'
import { lost, openRemoteLine, provider, type RemoteLine } from './remote-line.ts'
import { createRemoteUtterance } from './remote-utterance.ts'

export interface RemoteTranscriberDeps {
  /** VOICE_PROCESSOR_URL: `http://voice-processor.railway.internal:4103`. */
  readonly url: string
  /** One for voice-processor: `tokens.forService('voice-processor')`. */
  token(): Promise<string>
  /** For a whole clip. */
  readonly timeoutMs?: number
}

/** Speech to text by voice-processor: one connection for all utterances, made when it is needed, and again after it broke. */
export function createRemoteTranscriber({ url, token, timeoutMs = 35_000 }: RemoteTranscriberDeps): Transcriber {
  const socketUrl = `${url.replace(/^http/, 'ws').replace(/\/$/, '')}/ws/transcribe`
  const feeds = new Map<number, TranscriptFeed>()
  let line: Promise<RemoteLine> | undefined
  let count = 0

  function connected(): Promise<RemoteLine> {
    line ??= openRemoteLine({ url: socketUrl, token, onMessage, onClose }).catch((error: unknown) => {
      line = undefined
      throw error instanceof UpstreamError ? error : lost(String(error))
    })
    return line
  }

  function onMessage(message: ServiceMessage): void {
    if (message.type === 'ready' || message.utterance === undefined) return
    const feed = feeds.get(message.utterance)
    if (!feed) return
    if (message.type === 'error') {
      settle(message.utterance, failure(message))
      return
    }
    const { type, text, confidence, language } = message
    if (text !== '') feed.push({ text, confidence, language, isFinal: type === 'final' })
    if (type === 'final') settle(message.utterance)
  }

  function settle(number: number, error?: UpstreamError): void {
    feeds.get(number)?.end(error)
    feeds.delete(number)
  }

  function onClose(reason: UpstreamError): void {
    line = undefined
    for (const number of [...feeds.keys()]) settle(number, reason)
  }

  return {
    transcribe: (clip, recognition) => transcribeRemotely({ url, token, timeoutMs }, clip, recognition),
    stream(recognition) {
      count = (count + 1) % 0xffff_ffff
      const number = count
      const { feed, ...utterance } = createRemoteUtterance({ number, recognition, connected, onOver: () => void feeds.delete(number) })
      if (!feed.ended) feeds.set(number, feed)
      return utterance
    },
    async close() {
      const open = await line?.catch(() => undefined)
      open?.close()
    },
  }
}

function failure({ detail, retryable, code }: Extract<ServiceMessage, { type: 'error' }>): UpstreamError {
  const outcome = retryable ? 'ambiguous' : 'refused'
  return new UpstreamError(detail, { provider, operation: 'transcribe', retryable, outcome, ...(code !== undefined && { code }) })
}
