import type { Mentioned } from './fillings.ts'
import type { Grammar } from './grammar.ts'
import type { Matcher } from './match.ts'
import { part, type Sentence, textsOf } from './sentence.ts'
import type { Wish } from './understanding.ts'

const MARKERS = [
  'no',
  'wait',
  'sorry',
  'oops',
  'actually',
  'rather',
  'correction',
  'i meant',
  'i mean',
  'i said',
  'make it',
  'make that',
  'change it to',
  'change that to',
  'it should be',
  'that should be',
].map((phrase) => phrase.split(' '))
const AFTER = new Set(['instead', 'rather', 'please', 'then', 'though'])

/** What is left of a sentence that begins by taking the last one back: `no, I meant staging` is `staging`. Undefined: it does not. */
export function takenBack(texts: readonly string[]): readonly [from: number, to: number] | undefined {
  let from = 0
  for (;;) {
    const marker = MARKERS.find((phrase) => phrase.every((word, index) => texts[from + index] === word))
    if (!marker) break
    from += marker.length
  }
  let to = texts.length
  while (to > from && AFTER.has(texts[to - 1]!)) to -= 1
  const isInstead = to < texts.length && texts[to] === 'instead'
  return (from > 0 || isInstead) && to > from ? [from, to] : undefined
}

/** Where a sentence takes itself back: `restart zapier no the voice processor` at `no`. */
export function turnsBackAt(texts: readonly string[]): number | undefined {
  for (let at = texts.length - 1; at > 0; at -= 1) {
    if (MARKERS.some((phrase) => phrase.every((word, index) => texts[at + index] === word))) {
      const before = turnsBackAt(texts.slice(0, at))
      return before !== undefined && MARKERS.some((phrase) => phrase.length === at - before) ? before : at
    }
  }
  return undefined
}

/** Values that were said alone, put in the place of those of a command. Undefined where the words are anything else. */
export function amended(
  { command, args }: Wish,
  sentence: Sentence,
  { grammar, matcher, mentioned }: { readonly grammar: Grammar; readonly matcher: Matcher; readonly mentioned: Mentioned },
): { readonly wish: Wish; readonly cost: number } | undefined {
  const phrase = grammar.amendments.get(command)
  if (!phrase || sentence.words.length === 0) return undefined
  const [reading] = matcher.readings(withoutRefused(sentence), [phrase], mentioned)
  if (!reading || reading.leftOver.length > 0 || reading.fillings.size === 0) return undefined
  const values = [...reading.fillings].map(([name, { value }]) => [name, value] as const)
  if (values.some(([, value]) => value === undefined)) return undefined
  return { wish: { command, args: { ...args, ...Object.fromEntries(values) } }, cost: reading.cost }
}

/** `not staging, production` and `not staging but production` say `production`. */
function withoutRefused(sentence: Sentence): Sentence {
  const texts = textsOf(sentence)
  if (texts[0] !== 'not') return sentence
  const but = texts.indexOf('but')
  const from = but > 0 ? but + 1 : 2
  return part(sentence, from)
}
