import { expect, test } from 'vitest'
import { readable } from '#src/adapters/charts/readable-panel.ts'

const line = (value: number) => ({ name: 'level', points: [{ at: new Date(0), value }] })

test('an axis ends at a round number over its lines, or where no value can be larger', () => {
  expect(readable({ title: 'Level', unit: 'of 10', lines: [line(9.9)] }).top).toBe(20)
  expect(readable({ title: 'Level', unit: 'of 10', most: 10, lines: [line(9.9)] }).top).toBe(10)
})
