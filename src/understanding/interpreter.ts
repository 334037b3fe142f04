import { answerOf } from './answers.ts'
import { contextAfter, contextAnswered, still } from './context.ts'
import type { Grammar } from './grammar.ts'
import type { Verdict } from './judge.ts'
import { createReader } from './reader.ts'
import { sentenceOf } from './sentence.ts'
import type { Context, Reason, Understanding } from './understanding.ts'
import type { Vocabulary } from './vocabulary.ts'
import { hearWake } from './wake.ts'
import { isAsked, mostWords, wordsOf } from './words.ts'

/** Understands sentences. It does nothing and keeps nothing: what it must know of earlier ones is given to it. */
export interface Interpreter {
  /** What a sentence means; anything can be given, and nothing is thrown. `context` is what the same speaker's last sentence returned. */
  understand(utterance: string, given: { readonly now: Date; readonly context?: Context | undefined }): Understanding
}

export interface InterpreterParts {
  readonly grammar: Grammar
  readonly vocabulary: Vocabulary
  /** Of the guild; any of them, at the beginning of a sentence. */
  readonly wakeWords?: readonly string[]
}

export const defaultWakeWords: readonly string[] = ['helix']

/** Taken from the confidence where the wake word was only nearly heard. */
const NEARLY_WOKEN = 0.1

/** Prepares all that is costly; made anew when a name comes or goes. */
export function createInterpreter({ grammar, vocabulary, wakeWords = defaultWakeWords }: InterpreterParts): Interpreter {
  const reader = createReader(grammar, vocabulary)

  return {
    understand(utterance, { now, context: given }) {
      const context = still(given, now)
      const all = wordsOf(utterance)
      const wake = hearWake(all, wakeWords)
      const ignored = none(false, 'not addressed', context)
      if (!wake && !context?.asked) return ignored
      const isNamed = wake?.isSure ?? false
      if (all.length > mostWords) return isNamed ? none(true, 'too long', context) : ignored
      const said = all.slice(wake?.after ?? 0)
      const answer =
        isNamed || !wake
          ? answerOf(
              said.map(({ text }) => text),
              isNamed,
            )
          : undefined
      if (answer) return { ...none(true, undefined, contextAnswered(context)), answer }

      const sentence = sentenceOf(said)
      if (sentence.words.length === 0) return isNamed ? none(true, 'nothing said', context) : ignored
      const doubt = { cost: wake && !isNamed ? NEARLY_WOKEN : 0, isAsked: isAsked(utterance) && !sentence.isPolite }
      const verdict = wake ? reader.read(sentence, context, doubt) : reader.readReply(sentence, context!, doubt)
      const isOpen = context?.asked === true && (isNamed || !wake)
      if (isOpen && !verdict?.wish && (verdict?.why === 'negated' || reader.refuses(sentence, context)))
        return { ...none(true, 'negated', contextAnswered(context)), answer: 'cancel' }
      // Two people who talk while Helix waits, or somebody called Felix.
      if (!verdict || (wake && !isNamed && !verdict.wish)) return ignored
      return understood(verdict, contextAfter(verdict, context, now, grammar))
    },
  }
}

function understood({ wish, confidence, alternatives, missing, why }: Verdict, context: Context | undefined): Understanding {
  return {
    addressed: true,
    command: wish?.command ?? null,
    args: wish?.args ?? {},
    confidence,
    alternatives,
    ...(missing && { missing }),
    ...(why && { why }),
    context,
  }
}

function none(addressed: boolean, why: Reason | undefined, context: Context | undefined): Understanding {
  return { addressed, command: null, args: {}, confidence: 0, alternatives: [], ...(why && { why }), context }
}
