import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnsOf, wrap } from '#src/doors/render/columns.ts'
import { tableLines } from '#src/doors/render/table.ts'

const anything = fc.string({ unit: fc.constantFrom('a', 'word', ' ', '-', '_', '/', '漢', '✅', '⚠️', '👩‍🚀', 'é', '1'), maxLength: 60 })
const bare = (text: string) => text.replaceAll(/\s/g, '')

test('wrapping loses nothing and keeps to the columns', () => {
  fc.assert(
    fc.property(anything, fc.integer({ min: 4, max: 40 }), (text, columns) => {
      const lines = wrap(text, columns)
      expect(bare(lines.join(''))).toBe(bare(text))
      for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns)
    }),
  )
})

test('names break at their joints, and no line breaks behind a sign', () => {
  expect(wrap('websocket-streaming', 12)).toEqual(['websocket-', 'streaming'])
  expect(wrap('✅ healthy now', 10)).toEqual(['✅ healthy', 'now'])
  expect(wrap('', 10)).toEqual([''])
})

test('numbers stand to the right, and a table without head has none', () => {
  expect(
    tableLines({
      head: ['a', 'n'],
      rows: [
        ['x', '1'],
        ['y', '10'],
      ],
    }),
  ).toEqual([['a   n', '─  ──'], ['x   1'], ['y  10']])
  expect(tableLines({ head: [], rows: [['x', '1']] })).toEqual([['x  1']])
})

test('a table with more columns than fit is a list', () => {
  const head = ['service', 'one', 'two', 'three', 'four', 'five']
  const row = ['api', 'a long one', 'a long two', 'thirteen-teen', 'fourteen-teen', 'fifteen']
  expect(tableLines({ head, rows: [row] })).toEqual([
    ['api', '  one: a long one, two: a long two', '  three: thirteen-teen', '  four: fourteen-teen, five: fifteen'],
  ])
})
