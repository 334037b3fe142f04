import type { Transcript } from '#src/speech/transcriber.ts'

/** What the results of both versions have in common, of a stream and of a whole clip. */
export interface GoogleResult {
  readonly alternatives?: readonly { readonly transcript?: string | null; readonly confidence?: number | null }[] | null
  readonly isFinal?: boolean | null
  readonly languageCode?: string | null
}

/** The sections that Google cuts an utterance into, put together again. */
export interface Sections {
  /** The utterance as far as it is heard. Undefined where a response brings no words. */
  interim(results: readonly GoogleResult[]): Transcript | undefined
  /** Of all sections that were final. Undefined: no speech was detected. */
  final(): Transcript | undefined
}

export function createSections(language: string): Sections {
  const finals: { readonly text: string; readonly confidence: number }[] = []
  let spoken = language
  const textOf = (parts: readonly string[]) => parts.join(' ').replace(/\s+/g, ' ').trim()

  return {
    interim(results) {
      const open: string[] = []
      const before = finals.length
      for (const { alternatives, isFinal, languageCode } of results) {
        const text = alternatives?.[0]?.transcript?.trim()
        if (!text) continue
        if (languageCode) spoken = canonical(languageCode)
        if (isFinal) finals.push({ text, confidence: alternatives?.[0]?.confidence ?? 0 })
        else open.push(text)
      }
      if (open.length === 0 && finals.length === before) return undefined
      return { text: textOf([...finals.map(({ text }) => text), ...open]), confidence: 0, isFinal: false, language: spoken }
    },
    final() {
      const text = textOf(finals.map((section) => section.text))
      if (text === '') return undefined
      const length = finals.reduce((sum, section) => sum + section.text.length, 0)
      const confidence = finals.reduce((sum, section) => sum + section.confidence * section.text.length, 0) / length
      return { text, confidence: Math.round(confidence * 1_000) / 1_000, isFinal: true, language: spoken }
    },
  }
}

/** Google answers `en-us` where it was asked for `en-US`. */
function canonical(language: string): string {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? language
  } catch {
    return language
  }
}
