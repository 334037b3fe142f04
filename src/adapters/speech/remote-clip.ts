import { z } from 'zod'
import type { AudioClip, Recognition, Transcript } from '#src/speech/transcriber.ts'
import { writeWav } from '#src/speech/wav.ts'
import { mostPhrases } from '#src/speech/wire.ts'
import { lost, refused } from './remote-failure.ts'

const answer = z.object({ text: z.string(), confidence: z.number(), language: z.string() })
const refusal = z.object({ detail: z.string() })
const NO_SPEECH = 'No speech detected'

export interface RemoteClipDeps {
  readonly url: string
  token(): Promise<string>
  readonly timeoutMs: number
}

/** A whole clip, by `POST /api/transcribe`. Undefined: no speech. Throws UpstreamError. */
export async function transcribeRemotely(deps: RemoteClipDeps, clip: AudioClip, recognition: Recognition): Promise<Transcript | undefined> {
  const { language, phrases = [] } = recognition
  const response = await fetch(new URL('/api/transcribe', deps.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${await deps.token()}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      audio_data: Buffer.from(fileOf(clip)).toString('base64'),
      language_code: language,
      phrases: phrases.slice(0, mostPhrases).map(({ phrase }) => phrase),
    }),
    signal: AbortSignal.timeout(deps.timeoutMs),
  }).catch((error: Error) => {
    throw lost(error.message)
  })
  const body: unknown = await response.json().catch(() => undefined)
  const heard = answer.safeParse(body)
  if (response.ok && heard.success) return { ...heard.data, isFinal: true }
  const detail = refusal.safeParse(body).data?.detail
  if (response.status === 400 && detail === NO_SPEECH) return undefined
  throw response.ok ? lost('an answer that is no transcript') : refused(response.status, detail)
}

/** Bare samples get the header that says their rate. */
function fileOf({ bytes, encoding, sampleRate, channels }: AudioClip): Uint8Array {
  return encoding === 'linear16' ? writeWav({ sampleRate, channels, bits: 16, format: 'pcm', data: bytes }) : bytes
}
