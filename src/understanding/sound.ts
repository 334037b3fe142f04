import { distance } from 'fastest-levenshtein'

/**
 * How a word sounds, coarsely: its consonants, those that recognisers mix up (b and p, d and t, g and k, v and f, z and s) written as one.
 * `zapier` and `zap ear` are SP: an r at the end is not heard by everybody, and vowels count only at the beginning, where they are A. In the
 * way of Philips' Metaphone (Computer Language 7(12), 1990), with fewer classes.
 */
export function soundOf(letters: string): string {
  let key = ''
  let last = ''
  const add = (sound: string) => {
    if (sound !== last) key += sound
    last = sound
  }
  const text = letters
    .replace(/^(?:kn|gn|pn)/, 'n')
    .replace(/^wr/, 'r')
    .replace(/^x/, 's')
    .replace(/(?<=[aeiou])re?$/, '')
  for (let at = 0; at < text.length; at += 1) {
    const pair = PAIRS[text.slice(at, at + 2)]
    const next = text[at + 1] ?? ''
    const letter = text[at]!
    if (pair !== undefined) {
      if (pair !== '') add(pair)
      at += 1
    } else if (VOWELS.includes(letter)) {
      if (at === 0) key += 'A'
      last = ''
    } else if (letter === 'c' || letter === 'g') {
      const isSoft = next !== '' && 'eiy'.includes(next)
      add(isSoft ? (letter === 'c' ? 'S' : 'X') : 'K')
    } else if (letter === 'x') {
      add('K')
      add('S')
    } else if ('hwy'.includes(letter)) {
      if (at === 0) key += letter.toUpperCase()
    } else add(SINGLE[letter] ?? letter.toUpperCase())
  }
  return key
}

/** Letters, and how they sound. */
export interface Sounding {
  readonly letters: string
  readonly sound: string
}

export function sounding(letters: string): Sounding {
  return { letters, sound: soundOf(letters) }
}

/** Words that are said as one, as they sound: the h of `zap here` is not heard, and makes no f of its p. */
export function lettersHeard(words: readonly Sounding[]): string {
  let all = ''
  for (const { letters } of words) all += letters.startsWith('h') && 'pcstgw'.includes(all.at(-1) ?? ' ') ? letters.slice(1) : letters
  return all
}

/** As `sounding`, remembering what it was asked: the words of a sentence are looked at in many places. */
export function createSoundings(): (letters: string) => Sounding {
  const known = new Map<string, Sounding>()
  return (letters) => {
    const found = known.get(letters)
    if (found) return found
    if (known.size >= MOST_REMEMBERED) known.clear()
    const fresh = sounding(letters)
    known.set(letters, fresh)
    return fresh
  }
}

/** How alike two words are, 0 to 1: half by their letters, half by their sounds. */
export function likeness(one: Sounding, other: Sounding): number {
  if (one.letters === '' || other.letters === '') return 0
  return one.letters === other.letters ? 1 : (share(one.letters, other.letters) + share(one.sound, other.sound)) / 2
}

const MOST_REMEMBERED = 5_000
const VOWELS = 'aeiou'
const PAIRS: Readonly<Record<string, string>> = {
  ph: 'F',
  ck: 'K',
  qu: 'K',
  sh: 'X',
  ch: 'X',
  th: 'T',
  dg: 'X',
  gh: '',
}
const SINGLE: Readonly<Record<string, string>> = { b: 'P', d: 'T', q: 'K', v: 'F', z: 'S', j: 'X' }

function share(one: string, other: string): number {
  const most = Math.max(one.length, other.length)
  return most === 0 ? 0 : 1 - distance(one, other) / most
}
