import { Refusal } from '#src/service/refusal.ts'
import type { Synthesizer } from '#src/speech/synthesizer.ts'
import type { Transcriber } from '#src/speech/transcriber.ts'

/** What understands and speaks. */
export interface Speech {
  readonly transcriber: Transcriber
  readonly synthesizer: Synthesizer
}

export const howToConfigure =
  "Speech is not configured here: set GOOGLE_CLOUD_KEY to the JSON of a Google service account's key, or GOOGLE_APPLICATION_CREDENTIALS to its file."

/** Throws Refusal (503) where there are no credentials for it. */
export function configured(speech: Speech | undefined): Speech {
  if (!speech) throw new Refusal(503, howToConfigure)
  return speech
}
