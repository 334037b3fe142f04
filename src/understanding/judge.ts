import type { Filling } from './fillings.ts'
import type { Reading } from './match.ts'
import type { Hindrance } from './ordinary-words.ts'
import type { Sentence } from './sentence.ts'
import type { Missing, Reason, Wish } from './understanding.ts'

/** What the readings of a sentence come to. */
export interface Verdict {
  /** What can be called as it stands. */
  readonly wish?: Wish
  readonly isChange: boolean
  /** 0 to 1; below `sureEnough` where there is no wish. */
  readonly confidence: number
  readonly alternatives: readonly Wish[]
  readonly missing?: Missing
  readonly why?: Reason
}

/** From here on it is read back; below, Helix asks. */
export const sureEnough = 0.5
/** The confidence of what cannot be called as it stands. */
export const mostUnsure = 0.49
const MOST_ALTERNATIVES = 5
/** Two readings this near to each other are as likely. */
const AS_LIKELY = 0.08
/** A second reading is worth offering when it is not much worse. */
const WORTH_OFFERING = 0.3

/** What makes a sentence doubtful before it is read. */
export interface Doubt {
  /** Taken from the confidence. */
  readonly cost: number
  /** It was written as a question, and not as a polite one. */
  readonly isAsked: boolean
}

/** What may be offered for an argument of which nothing was said. */
export type Choices = (reading: Reading, argument: string) => readonly unknown[]

/** Chooses among the readings of a sentence: a command where one is clear, else what to ask, and why. */
export function judge(readings: readonly Reading[], sentence: Sentence, doubt: Doubt, choices: Choices): Verdict {
  const [best] = readings
  if (!best) return { isChange: false, confidence: 0, alternatives: [], why: 'no command' }
  const { isChange } = best.phrase
  const confidence = rounded(1 - best.cost - doubt.cost)
  const hindrance = hindranceIn(best, sentence)
  if (hindrance !== undefined && (isChange || hindrance === 'negated')) return { isChange, confidence: 0, alternatives: [], why: hindrance }
  const [argument, filling] = [...best.fillings].find(([, { problem }]) => problem !== undefined) ?? []
  if (argument !== undefined && filling) return lacking(best, argument, filling, confidence, choices)
  const wish = wishOf(best)
  const unsure = (why: Reason, alternatives: readonly Wish[]): Verdict => ({
    isChange,
    confidence: Math.min(mostUnsure, confidence),
    alternatives: alternatives.slice(0, MOST_ALTERNATIVES),
    why,
  })
  if (isChange && best.leftOver.length > 0) return unsure('unclear', [wish])
  if (isChange && doubt.isAsked) return unsure('a question', [wish])
  if (confidence < sureEnough) return unsure('unclear', [wish])
  const others = readings.filter(
    (each) => isCallable(each) && each.phrase.command !== wish.command && each.cost - best.cost < WORTH_OFFERING,
  )
  const rival = others.find((each) => each.cost - best.cost < AS_LIKELY && (isChange || each.phrase.isChange))
  const alternatives = distinct(others.map(wishOf)).slice(0, MOST_ALTERNATIVES)
  return rival ? unsure('ambiguous', [wish, ...alternatives]) : { wish, isChange, confidence, alternatives }
}

/** The command of a reading, with the arguments that it has; `it` is what was spoken of, where it was spoken of, unless another place was said. */
export function wishOf({ phrase: { command, place }, fillings }: Reading): Wish {
  const said = [...fillings].filter(([, { value }]) => value !== undefined)
  const there = [...fillings.values()].find((filling) => filling.place !== undefined)?.place
  const meant = place !== undefined && there !== undefined && !fillings.has(place) ? { [place]: there } : {}
  return { command, args: { ...meant, ...Object.fromEntries(said.map(([name, { value }]) => [name, value])) } }
}

function lacking(best: Reading, argument: string, { problem, candidates, heard }: Filling, confidence: number, choices: Choices): Verdict {
  const wish = wishOf(best)
  const isOnlyOne = [...best.fillings.values()].filter((each) => each.problem !== undefined).length === 1
  const offered = isOnlyOne ? (candidates ?? (problem === 'missing' ? choices(best, argument) : [])) : []
  return {
    isChange: best.phrase.isChange,
    confidence: Math.min(mostUnsure, confidence),
    alternatives: offered.slice(0, MOST_ALTERNATIVES).map((value) => ({ ...wish, args: { ...wish.args, [argument]: value } })),
    missing: { ...wish, argument, ...(heard !== undefined && { heard }) },
    why: problem!,
  }
}

function isCallable({ phrase: { isChange }, fillings, leftOver }: Reading): boolean {
  return [...fillings.values()].every(({ problem }) => problem === undefined) && !(isChange && leftOver.length > 0)
}

/** A no outweighs everything else that makes it no order. */
function hindranceIn({ leftOver }: Reading, { hindrances }: Sentence): Hindrance | undefined {
  const all = leftOver.flatMap((at) => hindrances[at] ?? [])
  return all.find((each) => each === 'negated') ?? all[0]
}

function distinct(wishes: readonly Wish[]): readonly Wish[] {
  return [...new Map(wishes.map((wish) => [JSON.stringify(wish), wish])).values()]
}

/** To two digits, within 0 and 1. */
export function rounded(confidence: number): number {
  return Math.round(Math.min(1, Math.max(0, confidence)) * 100) / 100
}
