import { UpstreamError } from '#src/kernel/errors.ts'
import type { Transcriber } from '#src/speech/transcriber.ts'
import { transcribeRemotely } from './remote-clip.ts'
import { lost } from './remote-failure.ts'
import { createRemoteLine, type RemoteLine } from './remote-line.ts'
import { openRemoteSocket } from './remote-socket.ts'
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
  let current: Promise<RemoteLine> | undefined
  let count = 0

  function connected(): Promise<RemoteLine> {
    current ??= open()
    return current
  }

  /** Forgotten when it is over, so that the next utterance gets a new one; a later one is left alone. */
  function open(): Promise<RemoteLine> {
    const forget = () => {
      if (current === opening) current = undefined
    }
    const opening = connect(forget)
    opening.catch(forget)
    return opening
  }

  async function connect(onClose: () => void): Promise<RemoteLine> {
    try {
      return createRemoteLine(await openRemoteSocket(socketUrl, await token()), onClose)
    } catch (error) {
      throw error instanceof UpstreamError ? error : lost(String(error))
    }
  }

  return {
    transcribe: (clip, recognition) => transcribeRemotely({ url, token, timeoutMs }, clip, recognition),
    stream(recognition) {
      count = (count + 1) % 0xffff_ffff
      return createRemoteUtterance({ number: count, recognition, connected })
    },
    async close() {
      const line = await current?.catch(() => undefined) // None came about: there is nothing to close.
      line?.close()
    },
  }
}
