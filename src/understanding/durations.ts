import { type Read, readNumber } from './numbers.ts'
import type { Word } from './words.ts'

const UNITS: Readonly<Record<string, string>> = {
  second: 's',
  seconds: 's',
  sec: 's',
  minute: 'm',
  minutes: 'm',
  min: 'm',
  mins: 'm',
  hour: 'h',
  hours: 'h',
  our: 'h',
  ours: 'h',
  day: 'd',
  days: 'd',
}
const HALVES: Readonly<Record<string, string>> = { hour: '30m', minute: '30s', day: '12h' }

/** The length of time that begins at a word, as it is typed: `thirty minutes` is `30m`, `an hour` and `hour` are `1h`, `half an hour` is `30m`. */
export function readDuration(words: readonly Word[], at: number): Read<string> | undefined {
  const text = (offset: number) => words[at + offset]?.text ?? ''
  const half = text(0) === 'half' ? (['a', 'an'].includes(text(1)) ? 2 : 1) : text(0) === 'a' && text(1) === 'half' ? 2 : 0
  if (half > 0) {
    const value = HALVES[text(half)]
    return value === undefined ? undefined : { value, length: half + 1, likeness: 1 }
  }
  const typed = /^(\d{1,4})(s|m|h|d)$/.exec(text(0))
  if (typed) return { value: typed[0], length: 1, likeness: 1 }
  const article = ['a', 'an'].includes(text(0)) ? 1 : 0
  const count = article === 0 ? readNumber(words, at) : undefined
  const length = count?.length ?? article
  if (/^weeks?$/.test(text(length))) return { value: `${7 * (count?.value ?? 1)}d`, length: length + 1, likeness: 1 }
  const unit = UNITS[text(length)]
  if (unit === undefined || (length === 0 && text(0) === 'our')) return undefined
  return { value: `${count?.value ?? 1}${unit}`, length: length + 1, likeness: count?.likeness ?? 1 }
}
