import { expect, test } from 'vitest'
import { endOf } from '#src/incidents/quiet-hours.ts'

const night = { from: 22 * 60, to: 7 * 60, zone: 'Europe/Berlin' }
const noon = { from: 12 * 60, to: 13 * 60 + 30, zone: 'UTC' }

test.each([
  [night, '2026-11-21T20:59:59Z', undefined],
  [night, '2026-11-21T21:00:00Z', '2026-11-22T06:00:00.000Z'],
  [night, '2026-11-22T05:59:30Z', '2026-11-22T06:00:00.000Z'],
  [night, '2026-11-22T06:00:00Z', undefined],
  // In summer the clock is another.
  [night, '2026-07-21T20:00:00Z', '2026-07-22T05:00:00.000Z'],
  [noon, '2026-11-21T11:59:00Z', undefined],
  [noon, '2026-11-21T12:10:00Z', '2026-11-21T13:30:00.000Z'],
  [noon, '2026-11-21T13:30:00Z', undefined],
  // Half an hour off the full one.
  [{ ...noon, zone: 'Asia/Kolkata' }, '2026-11-21T06:30:00Z', '2026-11-21T08:00:00.000Z'],
])('%o at %s is quiet until %s', (quiet, at, until) => {
  expect(endOf(quiet, new Date(at))?.toISOString()).toBe(until)
})
