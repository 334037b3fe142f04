/** Languages that the emulated Google knows, and the voice of espeak-ng for each. */
export const languages: Readonly<Record<string, string>> = {
  'en-US': 'en-us',
  'en-GB': 'en-gb',
  'en-AU': 'en-gb',
  'en-IN': 'en-gb',
  'de-DE': 'de',
  'es-ES': 'es',
  'es-US': 'es-419',
  'fr-FR': 'fr-fr',
  'fr-CA': 'fr-fr',
  'it-IT': 'it',
  'ja-JP': 'ja',
  'nl-NL': 'nl',
  'pl-PL': 'pl',
  'pt-BR': 'pt-br',
  'pt-PT': 'pt',
  'sv-SE': 'sv',
  'tr-TR': 'tr',
  'uk-UA': 'uk',
}

/** As listed, whatever the case it was asked in; undefined where it is not known. */
export function knownLanguage(code: string): string | undefined {
  return Object.keys(languages).find((known) => known.toLowerCase() === code.toLowerCase())
}
