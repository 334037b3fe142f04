import { fillersAmong, type Hindrance, hindranceOf, isHesitation, politeWords } from './ordinary-words.ts'
import type { Word } from './words.ts'

/** What was said to Helix, looked at word by word. */
export interface Sentence {
  readonly words: readonly Word[]
  /** Which of them say nothing. */
  readonly fillers: readonly boolean[]
  /** Which of them make it no order, unless the order itself holds them. */
  readonly hindrances: readonly (Hindrance | undefined)[]
  /** It was begun as people ask for something: `could you …`. */
  readonly isPolite: boolean
  /** It begins with its own first word: nothing was taken from before it. */
  readonly isPlain: boolean
}

/** Without what only delays it or makes it polite, and without words that were said twice in a row. */
export function sentenceOf(said: readonly Word[]): Sentence {
  const spoken = withoutStutter(said.filter(({ text }) => !isHesitation(text)))
  const { length, isPolite } = openingOf(spoken.map(({ text }) => text))
  const words = spoken.slice(length)
  const texts = words.map(({ text }) => text)
  return { words, fillers: fillersAmong(texts), hindrances: texts.map(hindranceOf), isPolite, isPlain: length === 0 }
}

/** A part of it, as if it were all. */
export function part(sentence: Sentence, from: number, to?: number): Sentence {
  const { words, fillers, hindrances, isPlain } = sentence
  return {
    ...sentence,
    words: words.slice(from, to),
    fillers: fillers.slice(from, to),
    hindrances: hindrances.slice(from, to),
    isPlain: isPlain && from === 0,
  }
}

export function textsOf({ words }: Sentence): readonly string[] {
  return words.map(({ text }) => text)
}

/** Numbers can be the same twice: `scale it to two` may be written `to to`. */
function withoutStutter(words: readonly Word[]): readonly Word[] {
  return words.filter(({ text }, at) => text !== words[at - 1]?.text || /^(?:to|too|two|for|four|\d+)$/.test(text))
}

const OPENERS = new Set(
  'ok so well now alright right hey please yes yeah oh and also quick quickly just like listen look hello hi basically great cool'.split(
    ' ',
  ),
)

function openingOf(texts: readonly string[]): { readonly length: number; readonly isPolite: boolean } {
  let length = 0
  let isPolite = false
  for (;;) {
    const polite = politeWords(texts.slice(length))
    if (polite > 0) {
      length += polite
      isPolite = true
    } else if (length < texts.length && OPENERS.has(texts[length]!)) length += 1
    else return { length, isPolite }
  }
}
