import { z } from 'zod'
import { project } from '../credentials.ts'
import { knownLanguage } from '../languages.ts'
import { Refusal } from '../refusal.ts'

export type Encoding = 'LINEAR16' | 'MULAW' | 'ALAW' | 'OGG_OPUS' | 'WEBM_OPUS' | 'MP3' | 'AUTO'

/** What a recognition is asked to do, in either version. */
export interface Asked {
  readonly encoding: Encoding
  /** 0: left out. */
  readonly sampleRate: number
  readonly channels: number
  readonly language: string
  readonly phrases: readonly string[]
}

const phrase = z.object({ value: z.string().default(''), boost: z.number().default(0) })
const phraseSet = z.object({ phrases: z.array(phrase).default([]), boost: z.number().default(0) })
const form = { sampleRateHertz: z.number().default(0), audioChannelCount: z.number().default(0) }

const configV1 = z.object({
  encoding: z.string().default('ENCODING_UNSPECIFIED'),
  ...form,
  languageCode: z.string().default(''),
  model: z.string().default(''),
  adaptation: z.object({ phraseSets: z.array(phraseSet).default([]) }).nullish(),
  speechContexts: z.array(z.object({ phrases: z.array(z.string()).default([]) })).default([]),
})

const configV2 = z.object({
  autoDecodingConfig: z.object({}).nullish(),
  explicitDecodingConfig: z.object({ encoding: z.string().default(''), ...form }).nullish(),
  languageCodes: z.array(z.string()).default([]),
  model: z.string().default(''),
  adaptation: z.object({ phraseSets: z.array(z.object({ inlinePhraseSet: phraseSet.nullish() })).default([]) }).nullish(),
})

const modelsV1 = ['', 'default', 'latest_short', 'latest_long', 'command_and_search', 'phone_call', 'video', 'telephony', 'telephony_short']
const modelsV2 = ['short', 'long', 'telephony', 'telephony_short', 'chirp', 'chirp_2', 'chirp_3', 'latest_short', 'latest_long']
/** v2 alone: https://cloud.google.com/speech-to-text/v2/docs/transcription-model */
const notStreaming = ['chirp']

const encodingsV1 = ['LINEAR16', 'MULAW', 'OGG_OPUS', 'WEBM_OPUS'] as const
/** "MP3 encoding is a Beta feature and only available in v1p1beta1": https://cloud.google.com/speech-to-text/docs/reference/rpc/google.cloud.speech.v1 */
const encodingsV1Beta = [...encodingsV1, 'MP3'] as const
const encodingsV2 = ['LINEAR16', 'MULAW', 'ALAW', 'OGG_OPUS', 'WEBM_OPUS', 'MP3'] as const
const opusRates = [8_000, 12_000, 16_000, 24_000, 48_000]
/** Of one phrase set, and of one request: https://cloud.google.com/speech-to-text/docs/quotas */
const limits = { phrasesInSet: 1_200, phrases: 5_000, phraseLength: 100, characters: 100_000, boost: 20 }

export type VersionOne = 'v1' | 'v1p1beta1'

export function askedV1(given: unknown, version: VersionOne = 'v1'): Asked {
  const config = configV1.parse(given ?? {})
  if (!modelsV1.includes(config.model)) throw wrongConfig('Incorrect model specified.')
  const sets = [...(config.adaptation?.phraseSets ?? []), ...config.speechContexts.map(({ phrases }) => setOf(phrases))]
  const encodings = version === 'v1' ? encodingsV1 : encodingsV1Beta
  const encoding = config.encoding === 'ENCODING_UNSPECIFIED' ? 'AUTO' : encodings.find((each) => each === config.encoding)
  if (!encoding) throw wrongConfig('bad encoding.')
  return { ...formOf(encoding, config), language: languageOf(config.languageCode), phrases: phrasesOf(sets) }
}

export function askedV2(recognizer: unknown, given: unknown, streaming: boolean): Asked {
  checkRecognizer(String(recognizer ?? ''))
  const config = configV2.parse(given ?? {})
  const [language = '', ...others] = config.languageCodes
  if (!modelsV2.includes(config.model))
    throw new Refusal('INVALID_ARGUMENT', `The model "${config.model}" does not exist in the location named "global".`)
  if (streaming && notStreaming.includes(config.model))
    throw new Refusal('INVALID_ARGUMENT', `The model "${config.model}" does not support streaming recognition.`)
  if (others.length > 2) throw new Refusal('INVALID_ARGUMENT', 'At most 3 language codes may be given.')
  const sets = (config.adaptation?.phraseSets ?? []).map(({ inlinePhraseSet }) => inlinePhraseSet ?? setOf([]))
  const base = { language: languageOf(language), phrases: phrasesOf(sets) }
  if (config.autoDecodingConfig) return { encoding: 'AUTO', sampleRate: 0, channels: 0, ...base }
  const explicit = config.explicitDecodingConfig
  if (!explicit) throw new Refusal('INVALID_ARGUMENT', 'A decoding config must be given: auto_decoding_config or explicit_decoding_config.')
  const encoding = encodingsV2.find((each) => each === explicit.encoding)
  if (!encoding) throw wrongConfig('bad encoding.')
  return { ...formOf(encoding, explicit), ...base }
}

function checkRecognizer(name: string): void {
  const match = /^projects\/([^/]+)\/locations\/([a-z0-9-]+)\/recognizers\/([a-z0-9-]+|_)$/.exec(name)
  if (!match) throw new Refusal('INVALID_ARGUMENT', `Invalid resource field value in the request: recognizer "${name}".`)
  if (match[1] !== project)
    throw new Refusal('PERMISSION_DENIED', `Permission 'speech.recognizers.recognize' denied on resource '${name}' (or it may not exist).`)
  if (match[3] !== '_') throw new Refusal('NOT_FOUND', `Unable to find Recognizer ${match[3]} from project ${match[1]}.`)
}

function formOf(encoding: Encoding, { sampleRateHertz, audioChannelCount }: { sampleRateHertz: number; audioChannelCount: number }) {
  const isBare = encoding === 'LINEAR16' || encoding === 'MULAW' || encoding === 'ALAW'
  const mayBeLeftOut = encoding === 'LINEAR16' || encoding === 'AUTO'
  if (sampleRateHertz === 0 && !mayBeLeftOut) throw wrongConfig('bad sample rate hertz.')
  if (sampleRateHertz !== 0 && (sampleRateHertz < 8_000 || sampleRateHertz > 48_000)) throw wrongConfig('bad sample rate hertz.')
  if (encoding.endsWith('OPUS') && !opusRates.includes(sampleRateHertz)) throw wrongConfig('bad sample rate hertz.')
  if (audioChannelCount < 0 || audioChannelCount > 8) throw wrongConfig('bad channel count.')
  return { encoding, sampleRate: sampleRateHertz, channels: audioChannelCount || (isBare ? 1 : 0) }
}

function languageOf(code: string): string {
  if (code === '') throw wrongConfig('bad language code.')
  const language = knownLanguage(code)
  if (!language) throw new Refusal('INVALID_ARGUMENT', `Invalid language code: "${code}" is not supported.`)
  return language
}

function phrasesOf(sets: readonly z.output<typeof phraseSet>[]): readonly string[] {
  const all = sets.flatMap(({ phrases }) => phrases)
  const wrong = (what: string) => new Refusal('INVALID_ARGUMENT', `Invalid speech adaptation: ${what}`)
  if (sets.some(({ phrases }) => phrases.length > limits.phrasesInSet))
    throw wrong(`at most ${limits.phrasesInSet} phrases in a phrase set.`)
  if (all.length > limits.phrases) throw wrong(`at most ${limits.phrases} phrases in a request.`)
  if (all.some(({ value }) => value.length > limits.phraseLength)) throw wrong(`a phrase has at most ${limits.phraseLength} characters.`)
  if (all.reduce((sum, { value }) => sum + value.length, 0) > limits.characters) throw wrong('too many characters in all phrases.')
  const boosts = [...sets, ...all].map(({ boost }) => boost)
  if (boosts.some((boost) => boost < 0 || boost > limits.boost)) throw wrong(`boost must be from 0 to ${limits.boost}.`)
  return all.map(({ value }) => value)
}

function setOf(phrases: readonly string[]): z.output<typeof phraseSet> {
  return { phrases: phrases.map((value) => ({ value, boost: 0 })), boost: 0 }
}

function wrongConfig(what: string): Refusal {
  return new Refusal('INVALID_ARGUMENT', `Invalid recognition 'config': ${what}`)
}
