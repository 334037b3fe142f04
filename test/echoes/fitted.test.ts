import { describe, expect, test } from 'vitest'
import { fitted } from '#src/echoes/fitted.ts'

const lineOf = (row: readonly string[]) => row.join(' ')

describe('rows of a scoreboard', () => {
  test('take one line of a phone each, and the widest column gives way first', () => {
    const rows = fitted([
      ['Source', 'Level', 'Harmony', 'UTC'],
      ['a-source-with-a-very-long-name-of-its-own', '7.5', '8.1', '17:04'],
    ])
    expect(lineOf(rows[1]!)).toBe('a-source-with-a-ver… 7.5 8.1 17:04')
    expect(rows.every((row) => lineOf(row).length <= 40)).toBe(true)
  })
  test('that would be alike after the cut are cut in their middle', () => {
    const [, one, other] = fitted([
      ['Task', 'State', 'Whose'],
      ['task 4f1c2a90-aaaa-4bbb-8ccc-000000000001', 'completed', 'kael · summarize'],
      ['task 4f1c2a90-aaaa-4bbb-8ccc-000000000002', 'completed', 'kael · summarize'],
    ])
    expect(one![0]).toMatch(/^task.*…0*1$/)
    expect(other![0]).toMatch(/^task.*…0*2$/)
  })
})
