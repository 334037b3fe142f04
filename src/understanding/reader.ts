import { amended, namesAny, takenBack, turnsBackAt } from './amend.ts'
import type { Grammar } from './grammar.ts'
import { type Doubt, judge, mostUnsure, rounded, sureEnough, type Verdict } from './judge.ts'
import { createLiterals } from './literals.ts'
import { createMatcher, type Reading } from './match.ts'
import { createNames } from './names.ts'
import { contrastsIn, refusedBy } from './refusal.ts'
import { part, type Sentence, textsOf } from './sentence.ts'
import { secondPlace } from './two-places.ts'
import type { Context, Wish } from './understanding.ts'
import type { Vocabulary } from './vocabulary.ts'

/** Finds out what a sentence to Helix asks for. */
export interface Reader {
  read(sentence: Sentence, context: Context | undefined, doubt: Doubt): Verdict
  /** As `read`, but only what corrects or completes the last command: `no, staging`. Undefined: it does neither. */
  readReply(sentence: Sentence, context: Context, doubt: Doubt): Verdict | undefined
  /** Whether it refuses what the last command is about, or says no and nothing else. */
  refuses(sentence: Sentence, context: Context): boolean
}

const COSTS = { amended: 0.05, turnedBack: 0.15 } as const
/** A question that lists more names than this is none. */
const MOST_CHOICES = 5

export function createReader(grammar: Grammar, vocabulary: Vocabulary): Reader {
  const names = {
    service: createNames(vocabulary.services),
    environment: createNames(vocabulary.environments),
    agent: createNames(vocabulary.agents),
    command: createNames([...grammar.commands.keys()]),
  }
  const phrasePlaces = new Map(grammar.phrases.map(({ command, place }) => [command, place]))
  const matcher = createMatcher({ literals: createLiterals(grammar.words, grammar.orders), names, orders: grammar.orders })

  function choices({ phrase }: Reading, argument: string): readonly string[] {
    const said = grammar.commands.get(phrase.command)?.arguments[argument]?.said
    const all = said === 'service' ? vocabulary.services : said === 'agent' ? vocabulary.agents : []
    return all.length <= MOST_CHOICES ? all : []
  }

  function judged(sentence: Sentence, context: Context | undefined, doubt: Doubt): Verdict {
    return inTwoPlaces(sentence, context, doubt) ?? judgedAsOne(sentence, context, doubt)
  }

  function judgedAsOne(sentence: Sentence, context: Context | undefined, doubt: Doubt): Verdict {
    return judge(matcher.readings(sentence, grammar.phrases, context ?? {}), sentence, doubt, choices)
  }

  /** What is said of two environments at once: a reading is asked which, a change is none. Undefined: it is said of one. */
  function inTwoPlaces(sentence: Sentence, context: Context | undefined, doubt: Doubt): Verdict | undefined {
    const second = secondPlace(sentence, (words) => names.environment.match(words, 'said')[0]?.name)
    if (!second) return undefined
    const { wish, isChange, confidence } = judgedAsOne(second.without, context, doubt)
    const argument = wish && phrasePlaces.get(wish.command)
    if (!wish || argument === undefined || !second.places.includes(String(wish.args[argument]))) return undefined
    if (isChange) return { isChange, confidence: 0, alternatives: [], why: 'two at once' }
    const { [argument]: _, ...args } = wish.args
    const alternatives = second.places.map((place) => ({ ...wish, args: { ...wish.args, [argument]: place } }))
    return {
      ...{ isChange, alternatives, why: 'two at once' },
      confidence: Math.min(mostUnsure, confidence),
      missing: { command: wish.command, args, argument },
    }
  }

  function amendment(last: Wish, sentence: Sentence, context: Context | undefined, { cost, isAsked }: Doubt): Verdict | undefined {
    const found = amended(last, sentence, { grammar, matcher, mentioned: context ?? {} })
    if (!found) return undefined
    const { wish } = found
    const command = grammar.commands.get(wish.command)!
    const isChange = command.risk !== 'read'
    const lacks = Object.keys(command.arguments).find((name) => command.arguments[name]!.required && wish.args[name] === undefined)
    if (lacks !== undefined) return { isChange, confidence: 0, alternatives: [], missing: { ...wish, argument: lacks }, why: 'missing' }
    const confidence = rounded(1 - cost - found.cost)
    if (isChange && isAsked) return { isChange, confidence: Math.min(mostUnsure, confidence), alternatives: [wish], why: 'a question' }
    return confidence < sureEnough
      ? { isChange, confidence, alternatives: [wish], why: 'unclear' }
      : { wish, isChange, confidence, alternatives: [] }
  }

  /** `restart zapier, no, the voice processor`: one sentence that corrects itself. */
  function turnedBack(sentence: Sentence, context: Context | undefined, doubt: Doubt): Verdict | undefined {
    const texts = textsOf(sentence)
    const at = turnsBackAt(texts)
    const back = at === undefined ? undefined : takenBack(texts.slice(at))
    if (at === undefined || !back) return undefined
    const { wish, confidence } = judged(part(sentence, 0, at), context, doubt)
    if (!wish) return undefined
    const rest = part(sentence, at + back[0], at + back[1])
    const cost = 1 - confidence + COSTS.turnedBack
    const doubtThen = { ...doubt, cost: doubt.cost + cost }
    return amendment(wish, rest, context, doubtThen) ?? wished(judged(rest, context, doubtThen))
  }

  function wished(verdict: Verdict): Verdict | undefined {
    return verdict.wish && verdict
  }

  function readReply(sentence: Sentence, context: Context, doubt: Doubt): Verdict | undefined {
    const { last } = context
    const back = takenBack(textsOf(sentence))
    const rest = back && part(sentence, ...back)
    const anew = rest && wished(judged(rest, context, doubt))
    if (anew) return anew
    const isReply = rest || last?.argument !== undefined || contrastsIn(textsOf(sentence))
    if (!last || !isReply) return undefined
    return amendment(last, rest ?? sentence, context, { ...doubt, cost: doubt.cost + COSTS.amended })
  }

  function refuses(sentence: Sentence, { last, ...context }: Context): boolean {
    const texts = textsOf(sentence)
    const refused = refusedBy(texts)
    // Who takes back what was said speaks to Helix, whatever it is that is refused.
    if (refused === undefined || refused.length === 0 || !last || takenBack(texts)) return refused !== undefined
    const rest = part(sentence, texts.length - refused.length)
    return refused.some((word) => grammar.orders.has(word)) || namesAny(last, rest, { grammar, matcher, mentioned: context })
  }

  return {
    readReply,
    refuses,
    read(sentence, context, doubt) {
      const reply = context && readReply(sentence, context, doubt)
      if (reply) return reply
      const verdict = judged(sentence, context, doubt)
      return verdict.wish ? verdict : (turnedBack(sentence, context, doubt) ?? verdict)
    },
  }
}
