import type { TextToSpeechClient } from '@google-cloud/text-to-speech'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { audioFacts } from '#src/speech/audio-facts.ts'
import type { Synthesizer } from '#src/speech/synthesizer.ts'
import type { GoogleAccess } from './google-access.ts'
import { createGoogleClient } from './google-client.ts'
import { googleFailure } from './google-failure.ts'

export interface GoogleSynthesizerDeps {
  readonly access: GoogleAccess
  readonly clock: Clock
  readonly timeoutMs?: number
}

const PROVIDER = 'Google Text-to-Speech'
const OPERATION = 'SynthesizeSpeech'

/** Text to speech at Google. Nothing is loaded or connected before the first use. */
export function createGoogleSynthesizer({ access, clock, timeoutMs = 20_000 }: GoogleSynthesizerDeps): Synthesizer {
  const google = createGoogleClient<TextToSpeechClient>({
    provider: PROVIDER,
    access,
    clock,
    create: async (options) => new (await import('@google-cloud/text-to-speech')).TextToSpeechClient(options),
  })

  async function ask({ text, language, voice, encoding }: Parameters<Synthesizer['synthesize']>[0]): Promise<Uint8Array> {
    try {
      const { client, headers } = await google.ready()
      const [{ audioContent }] = await client.synthesizeSpeech(
        {
          input: { text },
          voice: { languageCode: language, ...(voice !== undefined && { name: voice }) },
          audioConfig: { audioEncoding: encoding },
        },
        { timeout: timeoutMs, retry: null as never, otherArgs: { headers: { ...headers } } },
      )
      return typeof audioContent === 'string' ? Buffer.from(audioContent, 'base64') : (audioContent ?? new Uint8Array(0))
    } catch (error) {
      throw googleFailure(error, PROVIDER, OPERATION)
    }
  }

  return {
    async synthesize(speech) {
      const bytes = await ask(speech)
      const facts = await audioFacts(bytes)
      if (!facts) throw unreadable()
      return { bytes, encoding: speech.encoding, durationMs: Math.round(facts.durationMs) }
    },
    close: google.close,
  }
}

function unreadable(): UpstreamError {
  const fault = { provider: PROVIDER, operation: OPERATION, retryable: false, outcome: 'ambiguous' } as const
  return new UpstreamError(`${PROVIDER} answered something that is no audio.`, fault)
}
