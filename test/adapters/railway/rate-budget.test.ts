import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBudgetMeter, retryAfterMs } from '#src/adapters/railway/rate-budget.ts'
import { turnedClock } from '#test/environments/railway-of.ts'

const { clock, turn } = turnedClock()
const inAnHour = String(clock.now().getTime() / 1000 + 3600)
const headers = (limit: number, remaining: number, reset = inAnHour) =>
  new Headers({ 'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': String(remaining), 'x-ratelimit-reset': reset })

test.each([
  ['seconds since 1970', inAnHour],
  ['milliseconds since 1970', String(clock.now().getTime() + 3_600_000)],
  ['seconds from now', '3600'],
  ['a date', new Date(clock.now().getTime() + 3_600_000).toISOString()],
])('the reset is read as %s', (_, reset) => {
  const meter = createBudgetMeter(clock)
  meter.note(headers(1000, 900, reset))
  expect(meter.current()).toEqual({ limit: 1000, remaining: 900, resetsAt: new Date(clock.now().getTime() + 3_600_000) })
  meter.note(new Headers())
  expect(meter.current()?.remaining).toBe(900)
})

test('polling keeps its pace while there is plenty, and slows down so that a fifth of the limit is left for people', () => {
  const meter = createBudgetMeter(clock)
  expect(meter.pace(2000)).toBe(2000)
  meter.note(headers(10_000, 9000))
  expect(meter.pace(2000)).toBe(2000)
  meter.note(headers(1000, 500))
  expect(meter.pace(2000)).toBe(12_000)
  meter.note(headers(1000, 150))
  expect(meter.pace(2000)).toBe(60_000)
})

test('polling at the pace never uses up the reserve', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 10_000 }), fc.double({ min: 0.3, max: 1, noNaN: true }), (limit, share) => {
      const meter = createBudgetMeter(clock)
      const remaining = Math.floor(limit * share)
      meter.note(headers(limit, remaining))
      const step = meter.pace(2000)
      if (step < 60_000) expect(remaining - 3_600_000 / step).toBeGreaterThanOrEqual(limit * 0.2 - 1)
    }),
  )
})

test('a hold lasts as long as the longest that was asked for', () => {
  const meter = createBudgetMeter(clock)
  meter.hold(5000)
  meter.hold(1000)
  expect(meter.heldMs()).toBe(5000)
  turn(6000)
  expect(meter.heldMs()).toBe(0)
})

test('Retry-After is read in seconds and as a date', () => {
  const now = new Date('2026-11-20T10:00:00Z')
  expect(retryAfterMs(new Headers({ 'retry-after': '34' }), now)).toBe(34_000)
  expect(retryAfterMs(new Headers({ 'retry-after': 'Fri, 20 Nov 2026 10:01:00 GMT' }), now)).toBe(60_000)
  expect(retryAfterMs(new Headers({ 'retry-after': 'soon' }), now)).toBeUndefined()
  expect(retryAfterMs(new Headers(), now)).toBeUndefined()
})
