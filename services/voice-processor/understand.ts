import { UpstreamError } from '#src/kernel/errors.ts'
import { Refusal } from '#src/service/refusal.ts'
import type { AudioClip, Recognition, Transcript } from '#src/speech/transcriber.ts'
import { configured, type Speech } from './speech.ts'

const INVALID_ARGUMENT = 3

/** Throws Refusal (400 where there are no words in it, 422 where the recogniser finds fault with audio or language), UpstreamError. */
export async function understand(speech: Speech | undefined, clip: AudioClip, recognition: Recognition): Promise<Transcript> {
  const transcript = await faultOfInput(() => configured(speech).transcriber.transcribe(clip, recognition))
  if (!transcript) throw new Refusal(400, 'No speech detected')
  return transcript
}

/** What a provider refuses because of what it was given is its caller's fault, not the provider's. */
export async function faultOfInput<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof UpstreamError && error.fault.code === INVALID_ARGUMENT) throw new Refusal(422, error.message)
    throw error
  }
}
