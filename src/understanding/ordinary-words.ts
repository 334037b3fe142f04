/** Why a sentence is no order although it holds the words of one. */
export type Hindrance = 'negated' | 'hypothetical' | 'a question' | 'reported' | 'past' | 'later' | 'two at once'

const WORDS: Readonly<Record<Hindrance, string>> = {
  negated:
    'not never no nor neither none nothing without stop avoid cancel hold prevent refuse skip abort forget except rather instead nope nah ' +
    'kidding scratch but wait hang disregard ignore anything joking',
  hypothetical:
    'if would should could might may maybe perhaps suppose supposing imagine pretend assume assuming unless whether hypothetically ' +
    'recommend think consider wonder wish must ought theoretically',
  'a question': 'what why who whose whom where which how is are am does do did can will shall be ready able',
  reported:
    'said says say saying told tell tells asked asks ask want wants heard she he they them him her somebody someone anyone anybody ' +
    'everybody everyone nobody we i you us',
  past: 'was were been had has have having already yesterday ago',
  later:
    'tomorrow later tonight soon after before until till once when then next monday tuesday wednesday thursday friday saturday sunday ' +
    'noon midnight morning afternoon evening remind schedule going week month while',
  'two at once': 'and or also plus either both',
}

const HINDRANCES: ReadonlyMap<string, Hindrance> = new Map(
  (Object.entries(WORDS) as [Hindrance, string][]).flatMap(([why, words]) => words.split(' ').map((word) => [word, why] as const)),
)

/**
 * What a word makes of an order that does not know it. Such a word is never taken for another one that sounds like it: `not` is no service
 * called `node`.
 */
export function hindranceOf(word: string): Hindrance | undefined {
  return HINDRANCES.get(word)
}

const FILLERS = new Set(
  'the a an er please kindly just our my your this that so well now right immediately quickly quick asap thanks ok alright really simply new current'.split(
    ' ',
  ),
)
const FILLER_PHRASES = [
  'thank you very much',
  'thank you',
  'thanks a lot',
  'right now',
  'right away',
  'straight away',
  'at once',
  'as soon as possible',
  'for me',
  'for us',
  'real quick',
  'you know',
  'at the moment',
  'if you please',
].map((phrase) => phrase.split(' '))

/** Which words say nothing, wherever they stand. */
export function fillersAmong(words: readonly string[]): readonly boolean[] {
  const fillers = words.map((word) => FILLERS.has(word))
  for (let at = 0; at < words.length; at += 1) {
    for (const phrase of FILLER_PHRASES) {
      if (phrase.every((word, index) => words[at + index] === word)) fillers.fill(true, at, at + phrase.length)
    }
  }
  return fillers
}

/** Sounds of somebody who thinks; they can stand in the middle of a name. */
const HESITATIONS = new Set('um uh uhm erm hm hmm mm ah eh'.split(' '))

export function isHesitation(word: string): boolean {
  return HESITATIONS.has(word)
}

const REQUESTS = [
  '(?:can|could|would) you (?:please |kindly |just |quickly )*(?:go ahead and )?',
  'will you please ',
  'i (?:want|need) you to ',
  'i would like you to ',
  'i would like to ',
  'i (?:want|need) to ',
  'let us (?:just )?(?:go ahead and )?',
  'go ahead and ',
  'can i (?=see|have|get)',
  'please ',
]
const REQUEST = new RegExp(`^(?:${REQUESTS.join('|')})`)

/** How many of the words only make a request polite: `could you please`, `I want you to`. What follows `let us say` is none. */
export function politeWords(words: readonly string[]): number {
  let sentence = words.join(' ')
  let count = 0
  for (;;) {
    const [polite] = REQUEST.exec(sentence) ?? []
    if (polite === undefined) return count
    count += polite.trim().split(' ').length
    sentence = sentence.slice(polite.length)
  }
}
