import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linearPattern, PatternFault } from '#src/kernel/linear-pattern.ts'

const letter = fc.constantFrom(
  'a',
  'b',
  'B',
  '1',
  ' ',
  '\\n',
  '.',
  '\\w',
  '\\d',
  '\\s',
  '\\W',
  '[ab]',
  '[^a]',
  '[a-c1-2]',
  '[\\d_-]',
  '\\.',
)
const where = fc.constantFrom('^', '$', '\\b', '\\B')
const source = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4 },
    letter,
    letter,
    fc.tuple(tie('pattern'), tie('pattern')).map((parts) => parts.join('')),
    fc.tuple(tie('pattern'), tie('pattern')).map((sides) => `(?:${sides.join('|')})`),
    fc.tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '{0,}', '*?')).map(([of, times]) => `(${of})${times}`),
    fc.tuple(where, tie('pattern')).map((parts) => parts.join('')),
  ),
})).pattern
const text = fc.array(fc.constantFrom('a', 'b', 'A', 'B', '1', '2', '_', ' ', '\n', '.', 'é'), { maxLength: 12 }).map((all) => all.join(''))

describe('a pattern', () => {
  test('finds what JavaScript’s own finds', () => {
    fc.assert(
      fc.property(source, text, fc.boolean(), (pattern, line, ignoreCase) => {
        let found: boolean
        try {
          found = linearPattern(pattern, ignoreCase).isIn(line)
        } catch (error) {
          // Too many repetitions of repetitions.
          expect(error).toBeInstanceOf(PatternFault)
          return
        }
        expect(found).toBe(new RegExp(pattern, ignoreCase ? 'i' : '').test(line))
      }),
      { numRuns: 3_000 },
    )
  })

  test.each([
    ['timeout after \\d+ ?m?s', 'a timeout after 500ms', true],
    ['ECONN(REFUSED|RESET)', 'connect ECONNRESET 10.0.0.1', true],
    ['^FATAL', 'not FATAL', false],
    ['{"level":"error"', 'x {"level":"error"}', true],
    ['a{,3}', 'a{,3}', true],
    ['\\x41\\x{42}', 'AB', true],
    ['straße', 'STRASSE', false],
    ['ü', 'Ü', false],
  ])('%s in “%s”: %s', (pattern, line, is) => expect(linearPattern(pattern).isIn(line)).toBe(is))

  test('that takes others for ever takes no time', () => {
    const evil = ['(a+)+$', '^(a|a)*$', '(a|aa)+$', '^([a-zA-Z]+)*$', '(.*a){12}b', '(a*)*b', '((a*)*)*b']
    const line = `${'a'.repeat(5_000)}!`
    expect(evil.filter((pattern) => linearPattern(pattern).isIn(line))).toEqual([])
  })

  test.each([
    ['(', 'missing closing )'],
    [')', 'unexpected )'],
    ['[a', 'missing closing ]'],
    ['[z-a]', 'invalid character class range'],
    ['*', 'missing argument to repetition operator'],
    ['a{3,1}', 'invalid repeat count'],
    ['(?=a)', '(?='],
    ['(?<=a)', '(?<='],
    ['(a)\\1', 'invalid escape sequence'],
    ['\\', 'trailing backslash'],
    ['(((a{99}){99}){99}){99}', 'invalid repeat count'],
    ['(a{0,900})', 'too much'],
  ])('%s is refused', (pattern, why) => {
    expect(() => linearPattern(pattern)).toThrow(PatternFault)
    expect(() => linearPattern(pattern)).toThrow(why)
  })
})
