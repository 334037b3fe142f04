import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatTimestamp, messageTime, relativeTime, timestampStyles } from '#playground/page/text/timestamp.ts'

const noon = Date.UTC(2026, 10, 21, 12, 0, 0)
const minute = 60_000

describe('<t:…> is shown as Discord shows it', () => {
  test.each([
    [-3_000, '3 seconds ago'],
    [-minute, '1 minute ago'],
    [5 * minute, 'in 5 minutes'],
    [-119 * minute, '1 hour ago'],
    [-26 * 60 * minute, '1 day ago'],
    [400 * 24 * 60 * minute, 'in 1 year'],
  ])('%d ms away: %s', (distance, words) => {
    expect(relativeTime(noon + distance, noon)).toBe(words)
  })

  test.each([
    ['t', '12:00'],
    ['T', '12:00:00'],
    ['d', '21/11/2026'],
    ['D', '21 November 2026'],
    ['f', '21 November 2026 at 12:00'],
    ['F', 'Saturday 21 November 2026 at 12:00'],
    ['R', 'now'],
  ] as const)('style %s: %s', (style, words) => {
    // ICU versions differ in the comma after the weekday.
    expect(formatTimestamp(noon, style, noon, 'UTC').replace('Saturday,', 'Saturday')).toBe(words)
  })

  test('no time is too far to be shown', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.constantFrom(...timestampStyles), (at, style) => {
        expect(formatTimestamp(at, style, noon, 'UTC')).not.toBe('')
      }),
    )
  })
})

describe("a message's head names its day", () => {
  test.each([
    [0, 'Today at 12:00'],
    [-13 * 60 * minute, 'Yesterday at 23:00'],
    [-48 * 60 * minute, '19/11/2026, 12:00'],
  ])('%d ms away: %s', (distance, words) => {
    expect(messageTime(noon + distance, noon, 'UTC')).toBe(words)
  })
})
