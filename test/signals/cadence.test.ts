import { describe, expect, test } from 'vitest'
import { cadenceOf } from '#src/signals/cadence.ts'

const now = new Date('2026-11-20T12:00:00Z')
const budget = (remaining: number, inSeconds = 3_600, limit = 1_000) => ({
  limit,
  remaining,
  resetsAt: new Date(now.getTime() + inSeconds * 1_000),
})

describe('the cycle goes', () => {
  test.each([
    ['as often as is set where Railway names no budget', 60_000, 1, undefined, { everyMs: 60_000, slowed: false }],
    ['as often as is set where there is enough', 60_000, 1, budget(900), { everyMs: 60_000, slowed: false }],
    ['as often as is set where the budget was reset', 60_000, 1, budget(0, -5), { everyMs: 60_000, slowed: false }],
    ['slower where the rest would not last', 60_000, 1, budget(230), { everyMs: 120_000, slowed: true }],
    ['a little slower without saying so', 60_000, 1, budget(250), { everyMs: 72_000, slowed: false }],
    ['slower the more environments share it', 60_000, 4, budget(320), { everyMs: 120_000, slowed: true }],
    ['by what people need: a fifth is theirs', 60_000, 1, budget(200), { everyMs: 600_000, slowed: true }],
    ['no later than the reset', 60_000, 1, budget(10, 240), { everyMs: 240_000, slowed: true }],
    ['never slower than in ten minutes', 60_000, 1, budget(201), { everyMs: 600_000, slowed: true }],
    ['never faster than is set', 900_000, 1, budget(201, 1_200), { everyMs: 900_000, slowed: false }],
  ])('%s', (_, everyMs, environments, left, cadence) => {
    expect(cadenceOf(everyMs, environments, left, now)).toEqual(cadence)
  })
})
