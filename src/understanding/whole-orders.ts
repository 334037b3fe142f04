import type { Arguments } from '#src/kernel/argument.ts'
import { parseSaying, type Saying } from '#src/kernel/saying.ts'
import type { Phrase } from '#src/speech/transcriber.ts'
import type { Grammar } from './grammar.ts'
import { hintLimits } from './phrase-hints.ts'
import type { Vocabulary } from './vocabulary.ts'
import { wordsOf } from './words.ts'

/** Whole sentences are one way of many to say something: they are made likelier than chance, not than names. */
const BOOST = 7
const MOST = 450
/** Of more names than this, sentences would be too few for each to be of use. */
const MOST_SERVICES = 20
const NUMBERS = ['two', 'three', 'four', 'five']
/** The ways to say a command that stand first are those that most people use. */
const FIRST_WAYS = 3

/**
 * What is said most, from the wake word to the end: each command with every live name, and the answers to a question. For recognisers that know
 * sentences better than words. None of a project whose names are too many for that.
 */
export function wholeOrders({ commands }: Grammar, vocabulary: Vocabulary, [wakeWord = '']: readonly string[]): readonly Phrase[] {
  if (vocabulary.services.length > MOST_SERVICES) return []
  const places = vocabulary.environments.map(spoken)
  const sayings = [...commands.values()].flatMap(({ says, arguments: given }) =>
    says.slice(0, FIRST_WAYS).map((template, way) => ({ way, given, saying: parseSaying(template, given) })),
  )
  const forms = (form: Form, first = FIRST_WAYS) =>
    sayings.flatMap(({ way, given, saying }) => (way < first ? filled(plain(saying, form), given, vocabulary) : []))
  const placed = sayings.flatMap(({ way, given, saying }) =>
    way === 0 && Object.values(given).some(({ narrows }) => narrows === 'environment')
      ? [...filled(plain(saying, 'short'), given, vocabulary), ...filled(plain(saying, 'to the end'), given, vocabulary)]
          .filter((form) => !places.some((place) => form.endsWith(place)))
          .flatMap((form) => places.map((place) => `${form} in ${place}`))
      : [],
  )
  const orders = [
    ...forms('short', 1),
    ...forms('to the end', 1),
    ...placed,
    ...forms('short'),
    ...forms('politely'),
    ...forms('to the end'),
  ]
  const corrected = [...places, ...vocabulary.services.map(withArticle)].map((name) => `no ${name}`)
  const all = ['confirm', 'cancel', ...corrected, ...orders.map((order) => `${spoken(wakeWord)} ${order}`)]
  const phrases = all.map((phrase) => phrase.replaceAll('the the', 'the')).filter((phrase) => phrase.length <= hintLimits.characters)
  return [...new Set(phrases)].slice(0, MOST).map((phrase) => ({ phrase, boost: BOOST }))
}

type Form = 'short' | 'to the end' | 'politely'
const POLITE = new Set(['show', 'me', 'the'])

/** Of each choice the first; of what may be left out only an article, or what it ends with, or begins with. */
function plain(saying: Saying, form: Form): Saying {
  return saying.flatMap((part, at) => {
    if (part.kind !== 'choice') return [part]
    const first = plain(part.branches[0]!, form)
    const [word] = first.length === 1 && first[0]!.kind === 'word' ? [first[0]!.word] : []
    const isWanted = word === 'the' || (form === 'politely' ? POLITE.has(word ?? '') : form === 'to the end' && at === saying.length - 1)
    return part.mayBeLeftOut && !isWanted ? [] : first
  })
}

/** With every name that may stand in its slots; none where one of them is for something that has no names. */
function filled([part, ...rest]: Saying, given: Arguments, vocabulary: Vocabulary): readonly string[] {
  if (!part) return ['']
  const values = part.kind === 'word' ? [part.word] : part.kind === 'slot' ? valuesOf(given[part.argument]!, vocabulary) : []
  const ends = filled(rest, given, vocabulary)
  return values.flatMap((value) => ends.map((end) => (end === '' ? value : `${value} ${end}`)))
}

function valuesOf({ said, shape }: Arguments[string], { services, environments, agents }: Vocabulary): readonly string[] {
  if (said === 'service') return services.map(withArticle)
  if (said === 'environment') return environments.map(spoken)
  if (said === 'agent') return agents.map(spoken)
  return said === undefined && shape.type === 'integer' ? NUMBERS : []
}

function withArticle(name: string): string {
  return `the ${spoken(name)}`
}

function spoken(name: string): string {
  return wordsOf(name)
    .map(({ text }) => text)
    .join(' ')
}
