import { z } from 'zod'
import { googleVariables } from './google-variables.ts'
import { wholeNumber } from './variables.ts'

const AN_HOUR_S = 3_600
const MOST_S = 10_000_000

/** How the bot understands and speaks. All may be left out. */
export const speechVariables = {
  ...googleVariables,
  /** Left out: Google where there are credentials for it, else voice-processor where it is known. */
  HELIX_SPEECH_VIA: z.enum(['google', 'voice-processor'], 'must be google or voice-processor').optional(),
  /** Of one guild in a day (UTC); 0: nobody is listened to. */
  HELIX_SPEECH_SECONDS_PER_DAY: wholeNumber(0, MOST_S).default(AN_HOUR_S),
  /** Without speech, until an utterance is over. Shorter than 300 ms cuts sentences in pieces. */
  HELIX_VOICE_SILENCE_MS: wholeNumber(200, 5_000).default(500),
}

export type SpeechConfig = z.output<z.ZodObject<typeof speechVariables>>
