import { createGoogleSynthesizer } from './adapters/speech/create-google-synthesizer.ts'
import { createGoogleTranscriber } from './adapters/speech/create-google-transcriber.ts'
import { createRemoteSynthesizer } from './adapters/speech/create-remote-synthesizer.ts'
import { createRemoteTranscriber } from './adapters/speech/create-remote-transcriber.ts'
import { googleAccess } from './config/google-variables.ts'
import type { MeshConfig } from './config/mesh-variables.ts'
import type { SpeechConfig } from './config/speech-variables.ts'
import type { Clock } from './kernel/clock.ts'
import { addressOf } from './mesh/addresses.ts'
import type { Synthesizer } from './speech/synthesizer.ts'
import type { Transcriber } from './speech/transcriber.ts'
import type { Tokens } from './tokens/tokens.ts'

/** What the bot understands and speaks with. */
export interface Speech {
  readonly by: 'Google' | 'voice-processor'
  readonly transcriber: Transcriber
  readonly synthesizer: Synthesizer
  close(): Promise<void>
}

export interface SpeechParts {
  readonly config: SpeechConfig & MeshConfig & { readonly SERVICE_MESH_SECRET?: string | undefined }
  readonly tokens: Pick<Tokens, 'forService'>
  readonly clock: Clock
}

const google = "GOOGLE_CLOUD_KEY (the JSON of a service account's key) or GOOGLE_APPLICATION_CREDENTIALS (its file)"

/**
 * Google where there are credentials for it, else voice-processor where it is known; HELIX_SPEECH_VIA decides otherwise. Where there is neither, a
 * sentence that says what to set. Nothing is loaded or connected before the first use.
 */
export function openSpeech(parts: SpeechParts): Speech | { readonly missing: string } {
  const { config } = parts
  const via = config.HELIX_SPEECH_VIA
  const direct = via !== 'voice-processor' ? throughGoogle(parts) : undefined
  if (direct) return direct
  if (via === 'google') return { missing: `Helix does not understand speech here: HELIX_SPEECH_VIA says google, which needs ${google}.` }
  return throughVoiceProcessor(parts)
}

function throughGoogle({ config, clock }: SpeechParts): Speech | undefined {
  const access = googleAccess(config)
  if (!access) return undefined
  const { GOOGLE_SPEECH_API: version, GOOGLE_SPEECH_MODEL: model, GOOGLE_SPEECH_LOCATION: location } = config
  return closing({
    by: 'Google',
    transcriber: createGoogleTranscriber({ access: access.speech, clock, version, model, location }),
    synthesizer: createGoogleSynthesizer({ access: access.textToSpeech, clock }),
  })
}

function throughVoiceProcessor({ config, tokens }: SpeechParts): Speech | { readonly missing: string } {
  const at = addressOf('voice-processor', config)
  if (!at) return { missing: `Helix does not understand speech here: set ${google}, or VOICE_PROCESSOR_URL.` }
  if (config.SERVICE_MESH_SECRET === undefined)
    return {
      missing: 'Helix does not understand speech here: voice-processor is asked with a token of SERVICE_MESH_SECRET, which is missing.',
    }
  const remote = { url: at.url, token: () => tokens.forService('voice-processor') }
  return closing({ by: 'voice-processor', transcriber: createRemoteTranscriber(remote), synthesizer: createRemoteSynthesizer(remote) })
}

function closing(speech: Omit<Speech, 'close'>): Speech {
  return { ...speech, close: async () => void (await Promise.all([speech.transcriber.close(), speech.synthesizer.close()])) }
}
