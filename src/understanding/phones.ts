/** How far apart two sounds are that recognisers take for each other, 0 to 1; any others are 1. */
const NEAR: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries({
    'bp dt gk vf zs jx': 0.1,
    'bv pf nm xs wr fT': 0.3,
    'wv tT zT jz js tx dj tj rl kx': 0.45,
    'st sd zt zd kt': 0.55,
  }).flatMap(([pairs, far]) =>
    pairs.split(' ').flatMap(([one, other]) => [[`${one}${other}`, far] as const, [`${other}${one}`, far] as const]),
  ),
)
const VOWELS = 'aeiouO'
const BETWEEN_VOWELS = 0.4
/** What it costs to leave a sound out; consonants at 1. */
const WEAK: Readonly<Record<string, number>> = {
  a: 0.4,
  e: 0.4,
  i: 0.4,
  o: 0.4,
  u: 0.4,
  O: 0.4,
  h: 0.3,
  r: 0.6,
  n: 0.6,
  s: 0.6,
  t: 0.7,
  d: 0.7,
}
const MOST_LETTERS = 24
const MOST_REMEMBERED = 5_000

/** The sounds of an English word, one letter each, roughly: `voice` is vOs, `boys` is bOs, `agent` is ajent. */
export function phonesOf(letters: string): string {
  return letters
    .slice(0, MOST_LETTERS)
    .replace(/^(?:kn|gn|pn)/, 'n')
    .replace(/^wr/, 'r')
    .replaceAll(/(?<=[^aeiou])e$/g, '')
    .replaceAll(/o[iy]/g, 'O')
    .replaceAll(/ph/g, 'f')
    .replaceAll(/tion|sion/g, 'xn')
    .replaceAll(/s[ch]h?(?=[eiy])|sh|ch/g, 'x')
    .replaceAll(/th/g, 'T')
    .replaceAll(/ck|qu|q/g, 'k')
    .replaceAll(/gh/g, '')
    .replaceAll(/c(?=[eiy]|$)/g, 's')
    .replaceAll(/d?g(?=[eiy])/g, 'j')
    .replaceAll('c', 'k')
    .replaceAll('y', 'i')
    .replaceAll(/[aeiou]{2,}/g, ([first]) => first!)
    .replaceAll(/(.)\1+/g, '$1')
}

/** As `phonesOf`, remembering what it was asked. */
function createPhones(): (letters: string) => string {
  const known = new Map<string, string>()
  return (letters) => {
    const phones = known.get(letters) ?? phonesOf(letters)
    if (known.size >= MOST_REMEMBERED) known.clear()
    known.set(letters, phones)
    return phones
  }
}

/**
 * How much one word sounds like another of as many syllables, 0 to 1, sound by sound and vowels included: finer than their likeness, and slower.
 * `invoice` is no misheard `voice`.
 */
export function createHeardAs(): (one: string, other: string) => number {
  const phones = createPhones()
  return (one, other) => likenessOf(phones(one), phones(other))
}

function likenessOf(said: string, wanted: string): number {
  const most = Math.max(said.length, wanted.length)
  if (most === 0 || syllables(said) !== syllables(wanted)) return 0
  let row = Array.from({ length: wanted.length + 1 }, () => 0)
  for (let at = 1; at <= wanted.length; at += 1) row[at] = row[at - 1]! + costOf(wanted[at - 1]!)
  for (const sound of said) {
    const next = [row[0]! + costOf(sound)]
    for (let at = 1; at <= wanted.length; at += 1) {
      const other = wanted[at - 1]!
      next.push(Math.min(row[at]! + costOf(sound), next[at - 1]! + costOf(other), row[at - 1]! + farFrom(sound, other)))
    }
    row = next
  }
  return Math.max(0, 1 - row.at(-1)! / most)
}

function syllables(phones: string): number {
  return [...phones].filter((sound) => VOWELS.includes(sound)).length
}

function costOf(sound: string): number {
  return WEAK[sound] ?? 1
}

function farFrom(one: string, other: string): number {
  if (one === other) return 0
  return VOWELS.includes(one) && VOWELS.includes(other) ? BETWEEN_VOWELS : (NEAR[`${one}${other}`] ?? 1)
}
