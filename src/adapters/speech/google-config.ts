import type { protos } from '@google-cloud/speech'
import type { AudioClip, Phrase, Recognition } from '#src/speech/transcriber.ts'

type ConfigV1 = protos.google.cloud.speech.v1.IRecognitionConfig
type ConfigV2 = protos.google.cloud.speech.v2.IRecognitionConfig
export type AudioForm = Pick<AudioClip, 'encoding' | 'sampleRate' | 'channels'>

/** What Discord sends and our muxer wraps. */
export const opusForm: AudioForm = { encoding: 'ogg-opus', sampleRate: 48_000, channels: 1 }

const encodings = { linear16: 'LINEAR16', 'ogg-opus': 'OGG_OPUS', 'webm-opus': 'WEBM_OPUS', mp3: 'MP3' } as const

/** Limits of one request: https://cloud.google.com/speech-to-text/docs/quotas */
const MOST_PHRASES = 1_200
const LONGEST_PHRASE = 100
const MOST_BOOST = 20

/** https://cloud.google.com/speech-to-text/docs/reference/rpc/google.cloud.speech.v1#recognitionconfig */
export function configV1(form: AudioForm, { language, phrases }: Recognition, model: string): ConfigV1 {
  return {
    encoding: encodings[form.encoding],
    sampleRateHertz: form.sampleRate,
    languageCode: language,
    model,
    ...(form.channels > 1 && { audioChannelCount: form.channels }),
    ...(phrases?.length && { adaptation: { phraseSets: [{ phrases: phraseList(phrases) }] } }),
  }
}

/** https://cloud.google.com/speech-to-text/v2/docs/reference/rpc/google.cloud.speech.v2#recognitionconfig */
export function configV2(form: AudioForm, { language, phrases }: Recognition, model: string): ConfigV2 {
  return {
    explicitDecodingConfig: {
      encoding: encodings[form.encoding],
      sampleRateHertz: form.sampleRate,
      audioChannelCount: form.channels,
    },
    languageCodes: [language],
    model,
    ...(phrases?.length && { adaptation: { phraseSets: [{ inlinePhraseSet: { phrases: phraseList(phrases) } }] } }),
  }
}

/** The first ones count: callers name what matters most first. */
function phraseList(phrases: readonly Phrase[]) {
  return phrases
    .filter(({ phrase }) => phrase.trim() !== '' && phrase.length <= LONGEST_PHRASE)
    .slice(0, MOST_PHRASES)
    .map(({ phrase, boost }) => ({ value: phrase, boost: Math.min(MOST_BOOST, Math.max(0, boost)) }))
}
