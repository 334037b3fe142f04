import { type Filling, fillingsAt, type Mentioned, type NamesByKind, nothingSaid } from './fillings.ts'
import type { Heard, Literals } from './literals.ts'
import type { Arc, Phrase } from './phrase.ts'
import type { Sentence } from './sentence.ts'

/** The best way to read a sentence as one phrase. */
export interface Reading {
  readonly phrase: Phrase
  /** 0: said word for word. */
  readonly cost: number
  readonly fillings: ReadonlyMap<string, Filling>
  /** Indexes of words that the phrase does not explain. */
  readonly leftOver: readonly number[]
}

export interface Matcher {
  /** One reading for each phrase that the sentence may be, the best first. */
  readings(sentence: Sentence, phrases: readonly Phrase[], mentioned: Mentioned): readonly Reading[]
}

/** A part of a reading, with what came before it. */
interface Step {
  readonly cost: number
  /** Words of the phrase that were heard. */
  readonly heard: number
  readonly before?: Step
  readonly leftOver?: number
  readonly slot?: { readonly name: string; readonly filling: Filling }
  /** It is a word of the phrase; `doubtful` where another word stands there that is rarely misheard: `and` for `in`. */
  readonly word?: 'heard' | 'doubtful'
}

type Fill = (arc: Arc & { readonly kind: 'slot' }, at: number) => readonly Filling[]

const TOO_DEAR = 2
const COSTS = { filler: 0.01, leftOver: { change: 0.55, read: 0.22 }, hindrance: 0.6, reported: 0.3 } as const
const AS_SAID = 0.06
/** Of two readings that fit equally well, the one with more of its own words. */
const PER_WORD = 0.002

/** Reads sentences as phrases, by the cheapest path through each phrase's graph (Viterbi); neither looks at the world nor remembers. */
export function createMatcher({ literals, names }: { readonly literals: Literals; readonly names: NamesByKind }): Matcher {
  return {
    readings(sentence, phrases, mentioned) {
      const heard = sentence.words.map((_, at) => literals.heardAt(sentence.words, at))
      const present = new Set(heard.flatMap((each) => each.map(({ literal }) => literal)))
      const known = new Map<unknown, (readonly Filling[])[]>()
      const fill: Fill = ({ argument, isStrict }, at) => {
        // Arguments of one kind mean the same at every place of every phrase.
        const key = typeof argument.said === 'string' ? argument.said : argument
        const row = known.get(key) ?? []
        known.set(key, row)
        row[at] ??= fillingsAt(argument, sentence, at, names, mentioned)
        return isStrict ? row[at].filter(({ problem, cost }) => problem === undefined && cost <= AS_SAID) : row[at]
      }
      return phrases
        .filter(({ marks }) => marks.size === 0 || [...marks].some((word) => present.has(word)))
        .flatMap((phrase) => readAs(phrase, sentence, heard, fill) ?? [])
        .sort((a, b) => a.cost - b.cost)
    },
  }
}

function readAs(phrase: Phrase, sentence: Sentence, heard: readonly (readonly Heard[])[], fill: Fill): Reading | undefined {
  const { arcs } = phrase
  const length = sentence.words.length
  const best: (Step | undefined)[][] = Array.from({ length: length + 1 }, () => new Array(arcs.length))
  best[0]![0] = { cost: 0, heard: 0 }
  const reach = (at: number, state: number, step: Step) => {
    const known = best[at]![state]
    if (step.cost <= TOO_DEAR && (known === undefined || worth(step) < worth(known))) best[at]![state] = step
  }
  for (let at = 0; at <= length; at += 1) {
    for (let state = 0; state < arcs.length; state += 1) {
      const step = best[at]![state]
      if (!step) continue
      for (const arc of arcs[state]!) {
        if (arc.kind === 'skip') reach(at, arc.to, arc.cost === 0 ? step : { cost: step.cost + arc.cost, heard: step.heard, before: step })
        else if (arc.kind === 'word') {
          for (const { literal, length: taken, cost } of heard[at] ?? [])
            if (literal === arc.word)
              reach(at + taken, arc.to, {
                cost: step.cost + cost,
                heard: step.heard + 1,
                before: step,
                word: cost > 0 && sentence.hindrances[at] ? 'doubtful' : 'heard',
              })
        } else {
          for (const filling of fillingsOf(arc, step, at, length, fill)) {
            const slot = { name: arc.name, filling }
            reach(at + filling.length, arc.to, { cost: step.cost + filling.cost, heard: step.heard, before: step, slot })
          }
        }
      }
      if (at < length) reach(at + 1, state, { ...passed(phrase, sentence, at, step), heard: step.heard, before: step })
    }
  }
  const end = best[length]!.at(-1)
  return end && readingOf(phrase, end)
}

function fillingsOf(arc: Arc & { readonly kind: 'slot' }, step: Step, at: number, length: number, fill: Fill): readonly Filling[] {
  if (isFilled(step, arc.name)) return []
  const all = at < length ? fill(arc, at) : []
  if (step.word === 'doubtful') return all.filter(({ problem, cost }) => problem === undefined && cost <= AS_SAID)
  if (arc.isStrict) return all
  if (arc.argument.required) return [...all, nothingSaid]
  // What may be left out was meant only where something says that it comes: `to the moon`.
  return step.word ? all : all.filter(({ problem }) => problem !== 'unknown')
}

function passed({ isChange }: Phrase, { fillers, hindrances }: Sentence, at: number, { cost }: Step): Pick<Step, 'cost' | 'leftOver'> {
  if (fillers[at]) return { cost: cost + COSTS.filler }
  const hindrance = hindrances[at]
  // Who speaks says little about a question; what else makes a sentence no order makes it no clear question either.
  if (hindrance !== undefined)
    return { cost: cost + (hindrance === 'reported' && !isChange ? COSTS.reported : COSTS.hindrance), leftOver: at }
  return { cost: cost + COSTS.leftOver[isChange ? 'change' : 'read'], leftOver: at }
}

function worth({ cost, heard }: Step): number {
  return cost - heard * PER_WORD
}

function isFilled(step: Step | undefined, name: string): boolean {
  for (let each = step; each; each = each.before) if (each.slot?.name === name) return true
  return false
}

function readingOf(phrase: Phrase, end: Step): Reading {
  const fillings = new Map<string, Filling>()
  const leftOver: number[] = []
  for (let step: Step | undefined = end; step; step = step.before) {
    if (step.slot) fillings.set(step.slot.name, step.slot.filling)
    if (step.leftOver !== undefined) leftOver.unshift(step.leftOver)
  }
  return { phrase, cost: worth(end), fillings, leftOver }
}
