import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createInterpreter } from '#src/understanding/interpreter.ts'
import { wordsOf } from '#src/understanding/words.ts'
import { book, grammar, interpreter, neverChanges, now, spoken, vocabulary } from './understood.ts'

const understand = (words: string) => interpreter.understand(words, { now })
const isChange = (command: string | null) => command !== null && book.get(command)!.risk !== 'read'

/** Words of sentences about Helix, in any order: what a recogniser makes of noise. */
const word = fc.constantFrom(
  ...new Set([...spoken.map(({ words }) => words), ...neverChanges.map(({ words }) => words)].flatMap((words) => words.split(' '))),
)
const noise = fc.array(word, { maxLength: 25 }).map((words) => words.join(' '))
const changes = spoken.filter(({ command }) => isChange(command))
const change = fc.constantFrom(...changes)
const orders = new Set(grammar.orders)

describe('whatever is said', () => {
  test('nothing is thrown, and what is meant can be called', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), noise), fc.boolean(), (words, isNamed) => {
        const heard = understand(isNamed ? `helix ${words}` : words)
        expect(heard.confidence).toBeGreaterThanOrEqual(0)
        expect(heard.confidence).toBeLessThanOrEqual(1)
        expect(heard.command !== null).toBe(heard.confidence >= 0.5)
        expect(heard.alternatives.length).toBeLessThanOrEqual(5)
        for (const { command, args } of [
          ...heard.alternatives,
          ...(heard.command === null ? [] : [{ command: heard.command, args: heard.args }]),
        ]) {
          const { doors, arguments: given } = book.get(command)!
          expect(doors).toContain('voice')
          for (const [name, { required }] of Object.entries(given)) if (required) expect(args).toHaveProperty(name)
          expect(Object.keys(given)).toEqual(expect.arrayContaining(Object.keys(args)))
        }
      }),
      { numRuns: 200 },
    ))
  test('names are of services and environments that there are', () =>
    fc.assert(
      fc.property(noise, (words) => {
        const { args } = understand(`helix ${words}`)
        if ('service' in args) expect(vocabulary.services).toContain(args.service)
        if ('environment' in args) expect(vocabulary.environments).toContain(args.environment)
        if ('replicas' in args) expect(Number.isInteger(args.replicas)).toBe(true)
      }),
      { numRuns: 200 },
    ))
  test('what does not begin with the wake word is ignored', () =>
    fc.assert(
      fc.property(noise, (words) => {
        fc.pre(!/^(?:hey |hi |ok |okay |so |well |now |please |and |oh |good |morning )*h?[ef][ \w]{0,6}/i.test(words))
        expect(understand(words)).toMatchObject({ addressed: false, command: null, args: {}, context: undefined })
      }),
    ))
})

describe('a change', () => {
  test('is never understood without one of its own words', () =>
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'), minLength: 1, maxLength: 9 }), { maxLength: 12 }),
        (words) => {
          fc.pre(!words.some((each) => orders.has(each)))
          expect(isChange(understand(`helix ${words.join(' ')} zapier`).command)).toBe(false)
        },
      ),
      { numRuns: 200 },
    ))
  test.each([
    ["don't", (words: string) => words.replace(/^((?:hey |okay |hi )?\S+ )/, "$1don't ")],
    ['never mind', (words: string) => `${words} never mind`],
    ['no wait', (words: string) => `${words} no wait`],
    ['if it is broken', (words: string) => `${words} if it is broken`],
    ['tomorrow', (words: string) => `${words} tomorrow`],
    ['she said', (words: string) => words.replace(/^((?:hey |okay |hi )?\S+ )/, '$1she said ')],
    ['a second one', (words: string) => `${words} and restart the agent orchestrator`],
    ['a word that nobody knows', (words: string) => `${words} xylophone`],
  ])('is none with “%s”', (_, altered) => {
    const still = changes
      .filter(({ words, command }) => /^(?:(?:hey|okay|hi) )?helix /i.test(words) && command !== 'agents.command')
      .map(({ words }) => altered(words))
      .filter((words) => isChange(understand(words).command))
    expect(still).toEqual([])
  })
  test('means the same with “please” before and after, and in capitals', () =>
    fc.assert(
      fc.property(change, ({ words, command, args }) => {
        fc.pre(!/^(?:felix|he licks|heli\w+)/.test(words) && !words.includes('?'))
        expect(understand(`${words} please`)).toMatchObject({ command, args })
        expect(understand(words.toUpperCase())).toMatchObject({ command, args })
      }),
    ))
  test('names the same service however many others there are', () => {
    const others = Array.from(
      { length: 496 },
      (_, n) => `${['billing', 'search', 'mail', 'image'][n % 4]}-${['worker', 'cache', 'index'][n % 3]}-${n}`,
    )
    const many = createInterpreter({ grammar, vocabulary: { ...vocabulary, services: [...vocabulary.services, ...others] } })
    const wrong = changes.filter(({ words, command, args }) => {
      const heard = many.understand(words, { now })
      return heard.command !== null && (heard.command !== command || heard.args.service !== args.service)
    })
    expect(wrong).toEqual([])
  })
})

test('the words of a sentence hold no marks', () =>
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (said) => wordsOf(said).every(({ text }) => /^[\p{L}\p{N}]+$/u.test(text)))))
