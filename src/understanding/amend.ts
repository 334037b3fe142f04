import type { Mentioned } from './fillings.ts'
import type { Grammar } from './grammar.ts'
import type { Matcher } from './match.ts'
import { contrastsIn } from './refusal.ts'
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

/** What there is to read values with. */
export interface AmendParts {
  readonly grammar: Grammar
  readonly matcher: Matcher
  readonly mentioned: Mentioned
}

interface Values {
  readonly args: Wish['args']
  readonly cost: number
}

/**
 * Values that were said alone, put in the place of those of a command. What is refused is never put there: `not staging` changes nothing, and
 * `not staging, production` only what stands at staging. Undefined where the words are anything else.
 */
export function amended(last: Wish, sentence: Sentence, parts: AmendParts): { readonly wish: Wish; readonly cost: number } | undefined {
  const contrast = contrastsIn(textsOf(sentence))
  const found = contrast ? contrasted(last, sentence, contrast, parts) : valuesIn(last, sentence, parts)
  return found && { wish: { command: last.command, args: { ...last.args, ...found.args } }, cost: found.cost }
}

/** Exactly the values of a command's arguments, and no other word. */
function valuesIn({ command }: Wish, sentence: Sentence, { grammar, matcher, mentioned }: AmendParts): Values | undefined {
  const phrase = grammar.amendments.get(command)
  if (!phrase || sentence.words.length === 0) return undefined
  const [reading] = matcher.readings(sentence, [phrase], mentioned)
  if (!reading || reading.leftOver.length > 0 || reading.fillings.size === 0) return undefined
  const values = [...reading.fillings].map(([name, { value }]) => [name, value] as const)
  return values.some(([, value]) => value === undefined) ? undefined : { args: Object.fromEntries(values), cost: reading.cost }
}

/** Whether a sentence names any value of the command's arguments, whatever else it says. */
export function namesAny({ command }: Wish, sentence: Sentence, { grammar, matcher, mentioned }: AmendParts): boolean {
  const phrase = grammar.amendments.get(command)
  const [reading] = phrase && sentence.words.length > 0 ? matcher.readings(sentence, [phrase], mentioned) : []
  return reading !== undefined && [...reading.fillings.values()].some(({ value }) => value !== undefined)
}

/** What is wanted for what is refused, where it is the same arguments and what is refused was asked for. */
function contrasted(
  last: Wish,
  sentence: Sentence,
  { whole, contrasts }: NonNullable<ReturnType<typeof contrastsIn>>,
  parts: AmendParts,
): Values | undefined {
  // `not twenty one` is no one instead of twenty.
  if (whole !== undefined && valuesIn(last, part(sentence, whole), parts)) return undefined
  const found = contrasts.flatMap((contrast) => {
    const refused = valuesIn(last, part(sentence, ...contrast.refused), parts)
    const wanted = refused && valuesIn(last, part(sentence, ...contrast.wanted), parts)
    return wanted && isInPlaceOf(wanted.args, refused.args, last.args) ? [wanted] : []
  })
  const [first] = found
  return found.every(({ args }) => JSON.stringify(args) === JSON.stringify(first!.args)) ? first : undefined
}

function isInPlaceOf(wanted: Wish['args'], refused: Wish['args'], asked: Wish['args']): boolean {
  const names = Object.keys(refused)
  return (
    Object.keys(wanted).length === names.length &&
    names.every((name) => wanted[name] !== undefined && wanted[name] !== refused[name] && (asked[name] ?? refused[name]) === refused[name])
  )
}
