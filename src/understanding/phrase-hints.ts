import type { Saying } from '#src/kernel/saying.ts'
import { parseSaying } from '#src/kernel/saying.ts'
import type { Phrase } from '#src/speech/transcriber.ts'
import type { Grammar } from './grammar.ts'
import { hindranceOf } from './ordinary-words.ts'
import { isWeak } from './phrase.ts'
import type { Vocabulary } from './vocabulary.ts'
import { wordsOf } from './words.ts'

/** Of one phrase set, and the letters of one phrase: https://cloud.google.com/speech-to-text/docs/quotas */
export const hintLimits = { phrases: 1_200, characters: 100 } as const

/** How much likelier a phrase is made, 0 to 20: names are the words that no recogniser knows. */
const BOOST = { wake: 18, service: 15, environment: 12, agent: 12, part: 10, order: 10, number: 8, words: 6 } as const
const LONGEST_RUN = 3
const FEW = ['two', 'three', 'four', 'five', 'six', 'eight', 'ten']

/**
 * What a recogniser may expect to hear, what matters most first: wake words, live names as they are spoken and in parts, and the words of
 * commands with their neighbours. At most as many as a recogniser takes.
 */
export function phraseHints(grammar: Grammar, vocabulary: Vocabulary, wakeWords: readonly string[]): readonly Phrase[] {
  const hints = new Map<string, number>()
  const add = (phrase: string, boost: number) => {
    const isNew = phrase !== '' && phrase.length <= hintLimits.characters && !hints.has(phrase)
    if (isNew && hints.size < hintLimits.phrases) hints.set(phrase, boost)
  }
  const runs = wordRuns(grammar)
  for (const wakeWord of wakeWords) for (const said of [spoken(wakeWord), `hey ${spoken(wakeWord)}`]) add(said, BOOST.wake)
  for (const order of grammar.orders) if (isTelling(order)) add(order, BOOST.order)
  for (const name of vocabulary.environments) add(spoken(name), BOOST.environment)
  for (const name of vocabulary.services) add(spoken(name), BOOST.service)
  for (const name of vocabulary.agents) add(spoken(name), BOOST.agent)
  for (const number of FEW) add(`to ${number} replicas`, BOOST.number)
  for (const run of runs) add(run, BOOST.words)
  for (const name of vocabulary.environments) add(`in ${spoken(name)}`, BOOST.environment)
  for (const part of vocabulary.services.flatMap((name) => wordsOf(name).map(({ text }) => text)))
    if (part.length > 2) add(part, BOOST.part)
  return [...hints].map(([phrase, boost]) => ({ phrase, boost }))
}

/** Each command's words as they follow each other: `roll back`, `last deploy of`. */
function wordRuns({ commands }: Grammar): ReadonlySet<string> {
  const runs = new Set<string>()
  for (const { says, arguments: given } of commands.values()) {
    for (const template of says) for (const run of runsOf(parseSaying(template, given))) if (isTelling(run)) runs.add(run)
  }
  return runs
}

/** What stands between slots and choices, and the words of choices by themselves. */
function runsOf(saying: Saying): readonly string[] {
  const runs: string[] = []
  let run: string[] = []
  const close = () => {
    if (run.length > 0) runs.push(run.slice(0, LONGEST_RUN).join(' '))
    run = []
  }
  for (const part of saying) {
    if (part.kind === 'word') run.push(part.word)
    else {
      close()
      if (part.kind === 'choice') runs.push(...part.branches.flatMap(runsOf))
    }
  }
  close()
  return runs
}

/** Words of every sentence need no help, and would push out others. */
function isTelling(run: string): boolean {
  return run.split(' ').some((word) => word.length > 3 && !isWeak(word) && hindranceOf(word) === undefined)
}

function spoken(name: string): string {
  return wordsOf(name)
    .map(({ text }) => text)
    .join(' ')
}
