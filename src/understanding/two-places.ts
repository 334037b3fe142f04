import { part, type Sentence } from './sentence.ts'
import type { Word } from './words.ts'

const JOINING = new Set(['and', 'or', 'plus', 'also', 'as', 'well', 'versus'])
const BEFORE = new Set(['in', 'on', 'of', 'for', 'at', 'the', 'both'])

/** A sentence that names two environments beside each other, and the same without the second: `in production [and in staging]`. */
export function secondPlace(
  sentence: Sentence,
  placeOf: (words: readonly Word[]) => string | undefined,
): { readonly places: readonly string[]; readonly without: Sentence } | undefined {
  const { words } = sentence
  const named = words.map((word) => placeOf([word]))
  const second = named.findLastIndex((name) => name !== undefined)
  let from = second
  while (from > 0 && BEFORE.has(words[from - 1]!.text)) from -= 1
  const joined = from
  while (from > 0 && JOINING.has(words[from - 1]!.text)) from -= 1
  const [one, other] = [named[from - 1], named[second]]
  if (from === joined || one === undefined || other === undefined || one === other) return undefined
  return { places: [one, other], without: joinedWith(part(sentence, 0, from), part(sentence, second + 1)) }
}

function joinedWith(one: Sentence, other: Sentence): Sentence {
  return {
    ...one,
    words: [...one.words, ...other.words],
    fillers: [...one.fillers, ...other.fillers],
    hindrances: [...one.hindrances, ...other.hindrances],
  }
}
