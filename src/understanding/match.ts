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

export interface MatcherParts {
  readonly literals: Literals
  readonly names: NamesByKind
  /** Words that begin an order to change something. */
  readonly orders: ReadonlySet<string>
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

type Slot = Arc & { readonly kind: 'slot' }

/** What a sentence holds at each of its words, whatever phrase it is read as. */
interface Hearing {
  readonly sentence: Sentence
  readonly heard: readonly (readonly Heard[])[]
  /** What it costs to leave a word out of a reading. */
  readonly passing: Readonly<Record<'change' | 'read', readonly number[]>>
  fill(slot: Slot, at: number): readonly Filling[]
}

const TOO_DEAR = 2.2
const COSTS = { filler: 0.01, leftOver: { change: 0.55, read: 0.22 }, hindrance: 0.6, reported: 0.3 } as const
const AS_SAID = 0.06
/** Of two readings that fit equally well, the one with more of its own words. */
const PER_WORD = 0.002

/** Reads sentences as phrases, by the cheapest path through each phrase's graph (Viterbi); neither looks at the world nor remembers. */
export function createMatcher({ literals, names, orders }: MatcherParts): Matcher {
  function hear(sentence: Sentence, mentioned: Mentioned): Hearing {
    const heard = sentence.words.map((_, at) => literals.heardAt(sentence, at))
    const beginsWithOrder = heard[0]?.some(({ literal }) => orders.has(literal)) ?? false
    const isOwn = heard.map((each) => each.some(({ length, cost }) => length === 1 && cost === 0))
    const known = new Map<unknown, (readonly Filling[])[]>()
    return {
      sentence,
      heard,
      passing: {
        change: sentence.words.map((_, at) => costOfPassing(sentence, at, 'change')),
        // Who begins with an order asks for no reading.
        read: sentence.words.map((_, at) => (at === 0 && beginsWithOrder ? COSTS.hindrance : costOfPassing(sentence, at, 'read'))),
      },
      fill({ argument }, at) {
        // Arguments of one kind mean the same at every place of every phrase.
        const key = typeof argument.said === 'string' ? argument.said : argument
        const row = known.get(key) ?? []
        known.set(key, row)
        row[at] ??= fillingsAt(argument, at, { sentence, names, mentioned, isOwn })
        return row[at]
      },
    }
  }

  return {
    readings(sentence, phrases, mentioned) {
      const hearing = hear(sentence, mentioned)
      const present = new Set(hearing.heard.flatMap((each) => each.map(({ literal }) => literal)))
      return phrases
        .filter(({ needs }) => needs.every((words) => [...words].some((word) => present.has(word))))
        .flatMap((phrase) => readAs(phrase, hearing) ?? [])
        .sort((a, b) => a.cost - b.cost)
    },
  }
}

function costOfPassing({ fillers, hindrances }: Sentence, at: number, kind: 'change' | 'read'): number {
  if (fillers[at]) return COSTS.filler
  if (hindrances[at] === undefined) return COSTS.leftOver[kind]
  // Who speaks says little about a question; what else makes a sentence no order makes it no clear question either.
  return kind === 'read' && hindrances[at] === 'reported' ? COSTS.reported : COSTS.hindrance
}

function readAs(phrase: Phrase, hearing: Hearing): Reading | undefined {
  const { arcs } = phrase
  const { sentence, heard } = hearing
  const passing = hearing.passing[phrase.isChange ? 'change' : 'read']
  const length = sentence.words.length
  const best: (Step | undefined)[][] = Array.from({ length: length + 1 }, () => new Array(arcs.length))
  const reach = (at: number, state: number, step: Step) => {
    const known = best[at]![state]
    if (step.cost <= TOO_DEAR && (known === undefined || worth(step) < worth(known))) best[at]![state] = step
  }
  reach(0, 0, { cost: 0, heard: 0 })
  for (let at = 0; at <= length; at += 1) {
    for (let state = 0; state < arcs.length; state += 1) {
      const step = best[at]![state]
      if (!step) continue
      for (const arc of arcs[state]!) {
        if (arc.kind === 'skip') reach(at, arc.to, arc.cost === 0 ? step : { cost: step.cost + arc.cost, heard: step.heard, before: step })
        else if (arc.kind === 'slot') {
          for (const filling of fillingsOf(arc, step, at, hearing)) {
            const cost = step.cost + filling.cost
            reach(at + filling.length, arc.to, { cost, heard: step.heard, before: step, slot: { name: arc.name, filling } })
          }
        } else {
          for (const each of heard[at] ?? []) {
            if (each.literal !== arc.word) continue
            const word = each.cost > 0 && sentence.hindrances[at] ? 'doubtful' : 'heard'
            reach(at + each.length, arc.to, { cost: step.cost + each.cost, heard: step.heard + 1, before: step, word })
          }
        }
      }
      if (at === length) continue
      const passed = { cost: step.cost + passing[at]!, heard: step.heard, before: step }
      reach(at + 1, state, sentence.fillers[at] ? passed : { ...passed, leftOver: at })
    }
  }
  const end = best[length]!.at(-1)
  return end && readingOf(phrase, end)
}

function fillingsOf(slot: Slot, step: Step, at: number, { sentence, fill }: Hearing): readonly Filling[] {
  if (isFilled(step, slot.name)) return []
  const all = at < sentence.words.length ? fill(slot, at) : []
  if (slot.isStrict || step.word === 'doubtful') return all.filter(({ problem, cost }) => problem === undefined && cost <= AS_SAID)
  if (slot.argument.required) return [...all, nothingSaid]
  // What may be left out was meant only where something says that it comes: `to the moon`.
  return step.word ? all : all.filter(({ problem }) => problem !== 'unknown')
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
