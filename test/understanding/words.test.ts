import { describe, expect, test } from 'vitest'
import { readDuration } from '#src/understanding/durations.ts'
import { readNumber } from '#src/understanding/numbers.ts'
import { mostWords, wordsOf } from '#src/understanding/words.ts'

const texts = (said: string) => wordsOf(said).map(({ text }) => text)

describe('words', () => {
  test.each([
    ['Helix, restart the “voice-processor”!', 'helix restart the voice processor'],
    ['WebSocket_streaming', 'web socket streaming'],
    ["don't", 'do not'],
    ['don’t', 'do not'],
    ["what's zapier's status", 'what is zapier status'],
    ["I'd like", 'i would like'],
    ["can't won't cannot", 'can not will not can not'],
    ['café ＳＴＡＴＵＳ', 'cafe status'],
    ['   ', ''],
    ['!?…', ''],
    ['constructor __proto__', 'constructor proto'],
  ])('of “%s”', (said, words) => expect(texts(said).join(' ')).toBe(words))
  test('are cut where a sentence is no command', () => expect(texts('a '.repeat(100_000))).toHaveLength(mostWords + 1))
})

describe('numbers', () => {
  const number = (said: string, at = 0) => readNumber(wordsOf(said), at)
  test.each([
    ['three', 3],
    ['3', 3],
    ['twenty one', 21],
    ['twenty-one', 21],
    ['nineteen', 19],
    ['a dozen', 12],
    ['half a dozen', 6],
    ['a hundred', 100],
    ['two hundred and five', 205],
    ['tree', 3],
    ['ate', 8],
    ['to replicas', 2],
    ['for instances', 4],
  ])('“%s” begins with %d', (said, value) => expect(number(said)?.value).toBe(value))
  test.each(['to', 'for', 'to staging', 'many', '', 'hundreds', '-3', '1e9999'.repeat(9)])('“%s” does not', (said) =>
    expect(number(said)?.value ?? 3).toBe(3),
  )
  test('a second “to” is a two', () => {
    expect(number('to to', 1)?.value).toBe(2)
    expect(number('to for', 1)?.value).toBe(4)
  })
})

describe('lengths of time', () => {
  test.each([
    ['thirty minutes', '30m'],
    ['hour', '1h'],
    ['an hour', '1h'],
    ['half an hour', '30m'],
    ['half hour', '30m'],
    ['6 hours', '6h'],
    ['24h', '24h'],
    ['two days', '2d'],
    ['week', '7d'],
  ])('“%s” is %s', (said, value) => expect(readDuration(wordsOf(said), 0)?.value).toBe(value))
  test.each(['three', 'our logs', 'staging', ''])('“%s” is none', (said) => expect(readDuration(wordsOf(said), 0)).toBeUndefined())
})
