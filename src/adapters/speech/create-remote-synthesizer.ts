import { z } from 'zod'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Synthesizer } from '#src/speech/synthesizer.ts'

export interface RemoteSynthesizerDeps {
  /** VOICE_PROCESSOR_URL: `http://voice-processor.railway.internal:4103`. */
  readonly url: string
  /** One for voice-processor: `tokens.forService('voice-processor')`. */
  token(): Promise<string>
  readonly timeoutMs?: number
}

const provider = 'voice-processor'
const operation = 'synthesize'
/** `duration` in seconds. */
const answer = z.object({ audio_data: z.base64(), duration: z.number() })
const refusal = z.object({ detail: z.string() })

/** Text to speech by voice-processor. */
export function createRemoteSynthesizer({ url, token, timeoutMs = 25_000 }: RemoteSynthesizerDeps): Synthesizer {
  return {
    async synthesize({ text, language, voice, encoding }) {
      const response = await fetch(new URL('/api/synthesize', url), {
        method: 'POST',
        headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          text,
          language_code: language,
          audio_encoding: encoding,
          ...(voice !== undefined && { voice_name: voice }),
        }),
        signal: AbortSignal.timeout(timeoutMs),
      }).catch((error: Error) => {
        throw lost(error.message)
      })
      const body: unknown = await response.json().catch(() => undefined) // What is no JSON is no audio: said below.
      if (!response.ok) throw refused(response.status, refusal.safeParse(body).data?.detail)
      const read = answer.safeParse(body)
      if (!read.success) throw lost('an answer that is no audio')
      const { audio_data, duration } = read.data
      return { bytes: Buffer.from(audio_data, 'base64'), encoding, durationMs: Math.round(duration * 1_000) }
    },
    async close() {},
  }
}

function lost(why: string): UpstreamError {
  return new UpstreamError(
    'voice-processor gave no answer.',
    { provider, operation, retryable: true, outcome: 'ambiguous' },
    { cause: why },
  )
}

function refused(status: number, detail = `voice-processor refused with ${status}.`): UpstreamError {
  return new UpstreamError(detail, { provider, operation, retryable: status === 429 || status >= 500, outcome: 'refused', status })
}
