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
  (
    'the a an er please kindly just our my your this that so well now right immediately quickly quick asap thanks ok alright really simply new ' +
    'current like basically literally actually yeah cheers mate guys folks'
  ).split(' '),
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
  'kind of',
  'sort of',
  'you see',
  'i mean like',
  'please and thank you',
  'thank you so much',
].map((phrase) => phrase.split(' '))
/** What says nothing at the end of a sentence, and much at its beginning. */
const TAILS = [
  'if you would',
  'if you could',
  'if you can',
  'if you do not mind',
  'if that is ok',
  'when you can',
  'when you get a chance',
  'when you have a moment',
  'when you have a minute',
  'when you have a second',
  'would you',
  'could you',
  'can you',
  'will you',
  'tell me',
].map((phrase) => phrase.split(' '))

/** Which words say nothing, where they stand. */
export function fillersAmong(words: readonly string[]): readonly boolean[] {
  const fillers = words.map((word) => FILLERS.has(word))
  for (let at = 0; at < words.length; at += 1) {
    for (const phrase of FILLER_PHRASES) {
      if (phrase.every((word, index) => words[at + index] === word)) fillers.fill(true, at, at + phrase.length)
    }
  }
  let end = words.length
  while (end > 0 && fillers[end - 1]) end -= 1
  const tail = TAILS.find((phrase) => phrase.every((word, index) => words[end - phrase.length + index] === word))
  if (tail) fillers.fill(true, end - tail.length, end)
  return fillers
}

/** Sounds of somebody who thinks; they can stand in the middle of a name. */
const HESITATIONS = new Set('um uh uhm erm hm hmm mm ah eh'.split(' '))

export function isHesitation(word: string): boolean {
  return HESITATIONS.has(word)
}

const AT_ONCE = '(?:please |kindly |just |quickly |now |maybe |perhaps |possibly )*'
const GOING = '(?:(?:go ahead|go on|go|try|be so kind|be a dear) (?:and|to) |be so kind as to |go ahead |make sure (?:to|you) |try to )?'
const THEN = `${AT_ONCE}${GOING}${AT_ONCE}`
const REQUESTS = [
  `(?:can|could|would) you ${THEN}`,
  '(?:would|do) you mind (?=\\w+ing )',
  'mind (?=\\w+ing )',
  `will you (?:please|kindly) ${THEN}`,
  `(?:i|we) (?:want|need) you ${AT_ONCE}to ${THEN}`,
  `(?:i|we) would (?:really )?(?:like|love) (?:for )?you ${AT_ONCE}to ${THEN}`,
  `i would (?:appreciate it|be grateful|be glad) if you (?:could|would) ${THEN}`,
  `i (?:was|am) (?:just )?wondering (?:if|whether) you (?:could|can|would) ${THEN}`,
  `do you think you could ${THEN}`,
  `any chance you (?:could|can) ${THEN}`,
  `(?:can|could|may) i (?:ask|get) you to ${THEN}`,
  `i would (?:really )?(?:like|love) to ${THEN}`,
  `i (?:want|need) to ${THEN}`,
  `(?:it is )?(?:about )?time (?:for you )?to ${THEN}`,
  `let us ${THEN}`,
  `you can go ahead and ${THEN}`,
  'go ahead and ',
  'go and ',
  'go (?=(?:re)?(?:start|deploy|boot)|scale|roll|ship)',
  'do me a favou?r and ',
  '(?:be so kind as to|be so kind and|be a dear and) ',
  'try (?:and|to) ',
  '(?:try|start|begin|get) (?=\\w{3,}ing )',
  'make sure (?:to|you) ',
  'help (?:me|us) (?:to )?(?=(?:re)?(?:start|deploy|boot)|scale|roll|ship)',
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
