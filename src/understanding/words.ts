/** One word of an utterance. */
export interface Word {
  /** As it is compared: lower case, without marks. */
  readonly text: string
  /** As it was written; empty where it is a part of what was written (`not` of `don't`). */
  readonly raw: string
}

/** Longer sentences are no commands: a monologue is cut here, and one word more shows that it was. */
export const mostWords = 40
const MOST_CHARACTERS = 2_000

const CONTRACTIONS: Readonly<Record<string, string>> = {
  "what's": 'what is',
  whats: 'what is',
  "how's": 'how is',
  hows: 'how is',
  "who's": 'who is',
  "where's": 'where is',
  "when's": 'when is',
  "that's": 'that is',
  "there's": 'there is',
  "it's": 'it is',
  "he's": 'he is',
  "she's": 'she is',
  "let's": 'let us',
  lets: 'let us',
  "can't": 'can not',
  cannot: 'can not',
  cant: 'can not',
  "won't": 'will not',
  wont: 'will not',
  dont: 'do not',
  didnt: 'did not',
  doesnt: 'does not',
  isnt: 'is not',
  wasnt: 'was not',
  shouldnt: 'should not',
  wouldnt: 'would not',
  couldnt: 'could not',
  mustnt: 'must not',
  gonna: 'going to',
  wanna: 'want to',
  gotta: 'have to',
  im: 'i am',
  nevermind: 'never mind',
  okay: 'ok',
}
const ENDINGS: readonly (readonly [string, string])[] = [
  ["n't", 'not'],
  ["'d", 'would'],
  ["'ll", 'will'],
  ["'re", 'are'],
  ["'ve", 'have'],
  ["'m", 'am'],
]

/**
 * The words of an utterance, however a recogniser wrote them: `Web-Socket's` is web, socket; `don't` is do, not. At most `mostWords` + 1 of them;
 * anything can be given, of any length.
 */
export function wordsOf(utterance: string): readonly Word[] {
  const plain = utterance
    .slice(0, MOST_CHARACTERS)
    .normalize('NFKC')
    .replaceAll(/[\u2018\u2019\u02bc`´]/g, "'")
    .replaceAll(/([\p{Ll}\d])(?=\p{Lu}\p{Ll})/gu, '$1 ')
  const words: Word[] = []
  for (const [raw] of plain.matchAll(/[\p{L}\p{N}]+(?:'\p{L}+)*/gu)) {
    const text = raw.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '')
    expanded(text).forEach((each, index) => {
      words.push({ text: each, raw: index === 0 ? raw : '' })
    })
    if (words.length > mostWords) return words.slice(0, mostWords + 1)
  }
  return words
}

/** Whether it was written down as a question. */
export function isAsked(utterance: string): boolean {
  return /\?\s*$/.test(utterance.slice(-MOST_CHARACTERS))
}

function expanded(text: string): readonly string[] {
  const known = Object.hasOwn(CONTRACTIONS, text) ? CONTRACTIONS[text] : undefined
  if (known !== undefined) return known.split(' ')
  if (!text.includes("'")) return [text]
  const [ending, word] = ENDINGS.find(([each]) => text.endsWith(each)) ?? ["'s", undefined]
  const stem = text.endsWith(ending) ? text.slice(0, -ending.length) : text
  const rest = stem.replaceAll("'", '')
  return [...(rest === '' ? [] : [rest]), ...(word === undefined ? [] : [word])]
}
