/** What Inter has glyphs for, as far as names use it: Latin, Greek, Cyrillic, punctuation, currencies, arrows. */
const inInter =
  /[\u0020-\u007e\u00a0-\u00ac\u00ae-\u0148\u014a-\u01c3\u1e00-\u1e9b\u0384-\u038a\u038e-\u03a1\u03a3-\u03d7\u0400-\u0479\u048a-\u049d\u04a0-\u04ff\u2010-\u2027\u2030-\u2055\u20a0-\u20af\u2190-\u2199]/

/** Without the characters that would be drawn as boxes (emoji, CJK); a dash where nothing is left. */
export function drawable(text: string): string {
  const kept = [...text].filter((character) => inInter.test(character)).join('')
  return kept.replace(/\s+/g, ' ').trim() || '–'
}
