import { beforeEach, describe, expect, test } from 'vitest'
import type { EnvironmentState } from '#src/adapters/railway/railway.ts'
import { createEnvironments } from '#src/environments/create-environments.ts'
import { UpstreamError, UserError } from '#src/kernel/errors.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { place, railwayOf, stateOf, turnedClock } from './railway-of.ts'

const down = new UpstreamError('Railway had an error of its own (HTTP 503).', {
  provider: 'Railway',
  operation: 'environment',
  retryable: true,
  outcome: 'ambiguous',
})

let asked: number
let answer: () => Promise<EnvironmentState>
let time: ReturnType<typeof turnedClock>
let environments: ReturnType<typeof createEnvironments>

beforeEach(() => {
  asked = 0
  time = turnedClock()
  answer = async () => stateOf({ readAt: time.clock.now(), unmergedChanges: asked })
  const environment = () => {
    asked += 1
    return answer()
  }
  environments = createEnvironments({ access: async () => railwayOf({ environment }), clock: time.clock, log: quietLog() })
})

test('everybody who asks at the same time shares one request', async () => {
  const readings = await Promise.all(Array.from({ length: 50 }, () => environments.state(place)))
  expect(asked).toBe(1)
  expect(new Set(readings.map(({ state }) => state)).size).toBe(1)
})

test('a reading serves until it is older than the caller allows', async () => {
  await environments.state(place)
  time.turn(9000)
  await environments.state(place)
  await environments.state(place, Number.POSITIVE_INFINITY)
  expect(asked).toBe(1)
  await environments.state(place, 5000)
  expect(asked).toBe(2)
})

test('places do not share readings', async () => {
  await environments.state(place)
  await environments.state({ ...place, guild: 'guild-2' })
  expect(asked).toBe(2)
})

test('after invalidate the next reading is one that was begun later, even while an earlier one is under way', async () => {
  const slow = Promise.withResolvers<EnvironmentState>()
  answer = () => slow.promise
  const early = environments.state(place)
  environments.invalidate(place)
  answer = async () => stateOf({ readAt: time.clock.now(), name: 'after' })
  await expect(environments.state(place)).resolves.toMatchObject({ state: { name: 'after' } })
  slow.resolve(stateOf({ name: 'before' }))
  await early
  await expect(environments.state(place)).resolves.toMatchObject({ state: { name: 'after' } })
})

describe('where Railway cannot be read', () => {
  test('the last good reading is shown, marked as stale, with the reason', async () => {
    await environments.state(place)
    time.turn(60_000)
    answer = () => Promise.reject(down)
    await expect(environments.state(place)).resolves.toMatchObject({ stale: true, failure: down, state: { name: 'production' } })
  })

  test('it is left alone for a moment, then asked again', async () => {
    await environments.state(place)
    time.turn(60_000)
    answer = () => Promise.reject(down)
    await environments.state(place)
    await environments.state(place)
    expect(asked).toBe(2)
    time.turn(6000)
    answer = async () => stateOf({ readAt: time.clock.now() })
    await expect(environments.state(place)).resolves.toMatchObject({ stale: false })
    expect(asked).toBe(3)
  })

  test('and there is no earlier reading, the error is thrown', async () => {
    answer = () => Promise.reject(down)
    await expect(environments.state(place)).rejects.toBe(down)
  })

  test('a caller who wants it anew is thrown the error, not given the last reading', async () => {
    await environments.state(place)
    answer = () => Promise.reject(down)
    time.turn(1)
    await expect(environments.state(place, 0)).rejects.toBe(down)
  })

  test('in time, the last good reading is shown meanwhile, and the new one when it comes', async () => {
    await environments.state(place)
    time.turn(60_000)
    const slow = Promise.withResolvers<EnvironmentState>()
    answer = () => slow.promise
    const waiting = environments.state(place)
    time.turn(8000)
    await expect(waiting).resolves.toMatchObject({ stale: true })
    slow.resolve(stateOf({ readAt: time.clock.now(), name: 'late' }))
    await slow.promise
    await expect(environments.state(place)).resolves.toMatchObject({ stale: false, state: { name: 'late' } })
  })
})

test('a place without a token throws what access throws', async () => {
  const access = () => Promise.reject(new UserError('No token.'))
  const reader = createEnvironments({ access, clock: time.clock, log: quietLog() })
  await expect(reader.state(place)).rejects.toThrow(UserError)
})
