import { knownLanguage, languages } from '../languages.ts'
import { Refusal } from '../refusal.ts'

export interface Voice {
  readonly name: string
  readonly language: string
  readonly gender: 'FEMALE' | 'MALE'
  /** For espeak-ng. */
  readonly espeak: string
}

const families = ['Standard', 'Wavenet', 'Neural2'] as const
const letters = [
  ['A', 'MALE', ''],
  ['B', 'MALE', '+m3'],
  ['C', 'FEMALE', '+f3'],
  ['D', 'MALE', '+m7'],
  ['E', 'FEMALE', '+f4'],
  ['F', 'FEMALE', '+f2'],
] as const

export const naturalRate = 24_000

/** The voices there are: a few of each language, named as Google names them. */
export const voices: readonly Voice[] = Object.entries(languages).flatMap(([language, espeak]) =>
  families.flatMap((family) =>
    letters.map(([letter, gender, variant]) => ({ name: `${language}-${family}-${letter}`, language, gender, espeak: espeak + variant })),
  ),
)

/** Throws Refusal where there is no such voice, or it speaks another language. */
export function voiceFor(languageCode: string, name: string): Voice {
  if (languageCode === '') throw new Refusal('INVALID_ARGUMENT', 'Invalid input: missing language code.')
  const language = knownLanguage(languageCode)
  if (name === '') {
    const voice = voices.find((each) => each.language === language)
    if (!voice) throw new Refusal('INVALID_ARGUMENT', `Voice with language code '${languageCode}' does not exist. Is it misspelled?`)
    return voice
  }
  const voice = voices.find((each) => each.name === name)
  if (!voice) throw new Refusal('INVALID_ARGUMENT', `Voice '${name}' does not exist. Is it misspelled?`)
  if (voice.language !== language)
    throw new Refusal(
      'INVALID_ARGUMENT',
      `Requested language code '${languageCode}' doesn't match the voice '${name}''s language code '${voice.language}'. Either change the requested language code or the voice name to make them match.`,
    )
  return voice
}
