import type { Argument } from '#src/kernel/argument.ts'
import { readDuration } from './durations.ts'
import type { NameMatch, Names } from './names.ts'
import { type Read, readNumber } from './numbers.ts'
import { isWeak } from './phrase.ts'
import type { Sentence } from './sentence.ts'
import { likeness, sounding } from './sound.ts'
import type { Kind } from './vocabulary.ts'
import type { Word } from './words.ts'

/** Why a slot has no value, or none to rely on. */
export type Problem = 'missing' | 'unknown' | 'ambiguous' | 'out of range'

/** What some words mean for an argument. */
export interface Filling {
  readonly length: number
  readonly cost: number
  /** Absent where there is a problem. */
  readonly value?: unknown
  readonly problem?: Problem
  /** The environment that was meant with it: that in which `it` was last spoken of. */
  readonly place?: string
  /** The values that may have been meant. */
  readonly candidates?: readonly unknown[]
  /** The words, where they name nothing that there is. */
  readonly heard?: string
}

/** What was last spoken of, for `it` and `there`. */
export interface Mentioned {
  readonly service?: string | undefined
  /** The environment that was said with that service; absent where none was. */
  readonly serviceIn?: string | undefined
  readonly environment?: string | undefined
}

export type NamesByKind = Readonly<Record<Kind, Names>>

const SURE_ENOUGH = 0.74
const NEAR = 0.8
const MARGIN = 0.06
const MOST_CANDIDATES = 5
const MOST_UNKNOWN_WORDS = 4
const COSTS = { perDoubt: 1.1, missing: 0.62, unknown: 0.6, perUnknownWord: 0.03, perWeakWord: 0.1, ambiguous: 0.55, range: 0.5 } as const
const PRONOUNS: Readonly<Record<'service' | 'environment', ReadonlySet<string>>> = {
  service: new Set([
    'it',
    'its',
    'that',
    'this',
    'that one',
    'this one',
    'the same',
    'the same one',
    'same one',
    'the same service',
    'that service',
  ]),
  environment: new Set(['there', 'the same environment', 'that environment', 'the same one', 'the same place']),
}

/** What a value is looked for in. */
export interface Surroundings {
  readonly sentence: Sentence
  readonly names: NamesByKind
  readonly mentioned: Mentioned
  /** Which words are words of the grammar, just as they are written. */
  readonly isOwn: readonly boolean[]
}

/** All that the words from here on may mean for the argument, of any length. */
export function fillingsAt(argument: Argument<unknown>, at: number, around: Surroundings): readonly Filling[] {
  const { said, shape } = argument
  const { sentence } = around
  if (said === 'service' || said === 'environment' || said === 'agent' || said === 'command') return namesAt(said, at, around)
  if (said === 'duration') return read(readDuration(sentence.words, at))
  if (said === 'text') return textAt(sentence, at)
  if (shape.type === 'integer') return numberAt(sentence, at, shape)
  const words = Array.isArray(said) ? said : shape.type === 'string' ? (shape.choices ?? []) : []
  return words
    .filter((word: string) => isWord(sentence, at, word))
    .map((word: string) => ({ length: 1, cost: 0, value: Array.isArray(said) ? true : word }))
}

/** Nothing was said for an argument that the command needs. */
export const nothingSaid: Filling = { length: 0, cost: COSTS.missing, problem: 'missing' }

function namesAt(kind: Kind, at: number, around: Surroundings): readonly Filling[] {
  const { sentence, mentioned } = around
  const names = around.names[kind]
  const fillings: Filling[] = []
  const longest = Math.min(names.mostWords, sentence.words.length - at)
  for (let length = 1; length <= longest; length += 1) {
    const words = sentence.words.slice(at, at + length)
    const said = words.map(({ text }) => text).join(' ')
    const pronoun = kind === 'service' || kind === 'environment' ? pronounFor(kind, said, mentioned) : undefined
    if (pronoun) fillings.push({ ...pronoun, length })
    const how = howToMatch(around, at, length)
    const matches = names.match(words, how)
    // The end of a name may be written `her`, `or` or `to`; but then all of it must be near.
    if (how !== 'alike' && (matches[0]?.likeness ?? 0) < NEAR) continue
    const filling = filled(matches)
    if (filling) fillings.push({ ...filling, length, ...(filling.problem === 'unknown' && { heard: said }) })
    else if (length <= MOST_UNKNOWN_WORDS)
      fillings.push({ length, cost: COSTS.unknown + costOfUnknown(words), problem: 'unknown', heard: said })
  }
  return fillings
}

function filled(matches: readonly NameMatch[]): Omit<Filling, 'length'> | undefined {
  const [best] = matches
  if (!best) return undefined
  const near = matches.filter((each) => each.likeness >= (best.likeness === 1 ? 1 : best.likeness - MARGIN))
  const candidates = (near.length > 1 ? near : matches).slice(0, MOST_CANDIDATES).map(({ name }) => name)
  if (best.likeness < SURE_ENOUGH) return { cost: COSTS.unknown, problem: 'unknown', candidates }
  const cost = (1 - best.likeness) * COSTS.perDoubt
  return near.length > 1 ? { cost: COSTS.ambiguous + cost, problem: 'ambiguous', candidates } : { cost, value: best.name }
}

function pronounFor(kind: 'service' | 'environment', said: string, mentioned: Mentioned): Omit<Filling, 'length'> | undefined {
  if (!PRONOUNS[kind].has(said)) return undefined
  const value = mentioned[kind]
  if (value === undefined) return { cost: COSTS.missing, problem: 'missing', heard: said }
  const place = kind === 'service' ? mentioned.serviceIn : undefined
  return { cost: 0.05, value, ...(place !== undefined && { place }) }
}

function numberAt(
  sentence: Sentence,
  at: number,
  { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: { readonly min?: number; readonly max?: number },
) {
  const number = readNumber(sentence.words, at)
  if (number && (number.value < min || number.value > max))
    return [{ length: number.length, cost: COSTS.range, problem: 'out of range' as const, heard: String(number.value) }]
  return read(number)
}

function textAt({ words, fillers }: Sentence, at: number): readonly Filling[] {
  const length = words.length - at
  if (length <= 0) return []
  let end = words.length
  while (end > at && fillers[end - 1]) end -= 1
  const value = words
    .slice(at, end)
    .map(({ raw }) => raw)
    .filter((raw) => raw !== '')
    .join(' ')
  return value === '' ? [] : [{ length, cost: 0, value }]
}

function read(found: Read<unknown> | undefined): readonly Filling[] {
  return found ? [{ length: found.length, cost: (1 - found.likeness) * COSTS.perDoubt, value: found.value }] : []
}

function isWord({ words, hindrances }: Sentence, at: number, word: string): boolean {
  const said = words[at]?.text ?? ''
  return said === word || (said.length >= 5 && !hindrances[at] && likeness(sounding(said), sounding(word)) >= 0.85)
}

/** A name neither begins nor ends with `the`, and `agents` is no misspelt `agent`, if it is not called so; and nothing is a misspelt `not`. */
function howToMatch(
  { sentence: { words, fillers, hindrances }, isOwn }: Surroundings,
  at: number,
  length: number,
): 'said' | 'whole' | 'alike' {
  const last = at + length - 1
  const within = hindrances.slice(at, last + 1)
  // Who thinks says `er`, and so does the end of `zappy er`.
  const endsWithFiller = fillers[last] && words[last]?.text !== 'er'
  const saysNothing = fillers[at] || endsWithFiller || isWeak(words[at]?.text ?? '')
  if (saysNothing || within.includes('negated') || (length === 1 && isOwn[at])) return 'said'
  return isWeak(words[last]?.text ?? '') || fillers[last] || within.some(Boolean) ? 'whole' : 'alike'
}

/** The fewer words the likelier, and `to` is hardly in the middle of a name. */
function costOfUnknown(words: readonly Word[]): number {
  return COSTS.perUnknownWord * words.length + COSTS.perWeakWord * words.filter(({ text }) => isWeak(text)).length
}
