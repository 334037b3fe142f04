import type { Word } from './words.ts'

/** What a few words mean, how many they are, and how surely (0 to 1). */
export interface Read<Value> {
  readonly value: Value
  readonly length: number
  readonly likeness: number
}

const ONES = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']
const TEENS = ['thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen']
const TENS = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety']
const SMALL = new Map<string, number>([
  ...[...ONES, ...TEENS].map((word, value) => [word, value] as const),
  ...TENS.map((word, index) => [word, (index + 2) * 10] as const),
])
const UNITS_ONLY = new Set(ONES.slice(1, 10))

/** Words that sound like a number, as recognisers write them. Read as one only where a number must be. */
const SOUNDS_LIKE = new Map<string, number>([
  ['won', 1],
  ['to', 2],
  ['too', 2],
  ['tree', 3],
  ['thee', 3],
  ['tu', 2],
  ['full', 4],
  ['free', 3],
  ['for', 4],
  ['fore', 4],
  ['forty', 40],
  ['fourty', 40],
  ['fife', 5],
  ['hive', 5],
  ['sex', 6],
  ['sicks', 6],
  ['sics', 6],
  ['sevens', 7],
  ['ate', 8],
  ['aight', 8],
  ['nein', 9],
  ['tin', 10],
])
/** These are words of nearly every sentence: they are a number only after another `to`, or before what is counted. */
const FUNCTION_WORDS = new Set(['to', 'too', 'for'])
const COUNTED = /^(replicas?|instances?|copies|copy|pods?|lines?|deployments?|tasks?|events?|minutes?|hours?|days?)$/
const LEADS_TO_A_NUMBER = new Set(['to', 'too', 'two', '2', 'into'])

/** The number that begins at a word: `3`, `three`, `twenty one`, `a dozen`, `a couple of`, `a hundred and five`. Undefined where there is none. */
export function readNumber(words: readonly Word[], at: number): Read<number> | undefined {
  const text = (offset: number) => words[at + offset]?.text ?? ''
  if (/^\d{1,9}$/.test(text(0))) return { value: Number(text(0)), length: 1, likeness: 1 }
  const article = text(0) === 'a' || text(0) === 'one' ? 1 : 0
  if (text(article) === 'dozen') return { value: 12, length: article + 1, likeness: 1 }
  if (text(0) === 'half' && text(1) === 'a' && text(2) === 'dozen') return { value: 6, length: 3, likeness: 1 }
  const couple = text(0) === 'a' ? 1 : 0
  if (/^(?:couple|pair)$/.test(text(couple))) return { value: 2, length: couple + (text(couple + 1) === 'of' ? 2 : 1), likeness: 1 }
  return readHundreds(words, at) ?? readSmall(words, at) ?? soundingLike(words, at)
}

/** A whole text that is a number: `twenty one`, `4`. */
export function numberOf(words: readonly Word[]): number | undefined {
  const read = readNumber(words, 0)
  return read?.length === words.length ? read.value : undefined
}

function readSmall(words: readonly Word[], at: number): Read<number> | undefined {
  const value = SMALL.get(words[at]?.text ?? '')
  if (value === undefined) return undefined
  const next = words[at + 1]?.text ?? ''
  if (value >= 20 && UNITS_ONLY.has(next)) return { value: value + SMALL.get(next)!, length: 2, likeness: 1 }
  return { value, length: 1, likeness: 1 }
}

function readHundreds(words: readonly Word[], at: number): Read<number> | undefined {
  const hundreds = words[at]?.text === 'a' ? { value: 1, length: 1 } : (readSmall(words, at) ?? { value: 1, length: 0 })
  if (words[at + hundreds.length]?.text !== 'hundred' || hundreds.value < 1 || hundreds.value > 9) return undefined
  const after = hundreds.length + 1
  const gap = words[at + after]?.text === 'and' ? 1 : 0
  const rest = readSmall(words, at + after + gap)
  return { value: hundreds.value * 100 + (rest?.value ?? 0), length: rest ? after + gap + rest.length : after, likeness: 1 }
}

function soundingLike(words: readonly Word[], at: number): Read<number> | undefined {
  const text = words[at]?.text ?? ''
  const value = SOUNDS_LIKE.get(text)
  if (value === undefined) return undefined
  const isLed = LEADS_TO_A_NUMBER.has(words[at - 1]?.text ?? '')
  if (FUNCTION_WORDS.has(text) && !isLed && !COUNTED.test(words[at + 1]?.text ?? '')) return undefined
  return { value, length: 1, likeness: 0.85 }
}

/** Digits as they are said, each by itself: `42` is `fourtwo`; anything else is itself. */
export function spelt(text: string): string {
  return /^\d+$/.test(text) ? [...text].map((digit) => ONES[Number(digit)] ?? digit).join('') : text
}
