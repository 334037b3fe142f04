import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RateBudget, ServiceState } from '#src/adapters/railway/railway.ts'
import { createAssess } from '#src/health/assess.ts'
import { createWatch, type Watch } from '#src/signals/watch.ts'
import { place, stateOf, turnedClock } from '#test/environments/railway-of.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { dead, well } from './stage.ts'

const began = Date.parse('2026-11-20T10:00:00Z')
let time: ReturnType<typeof turnedClock>
let watch: Watch
let services: readonly ServiceState[]
let takesMs: number
let budget: RateBudget | undefined
/** When each reading was begun, and each turn was known, in seconds. */
let readings: number[]
let turned: number[]
const seconds = () => (time.clock.now().getTime() - began) / 1_000

beforeEach(() => {
  time = turnedClock()
  ;[services, takesMs, budget, readings, turned] = [[well], 0, undefined, [], []]
  watch = createWatch(place, {
    environments: {
      state: async () => {
        readings.push(seconds())
        const state = stateOf({ services, readAt: time.clock.now() })
        if (takesMs > 0) await time.clock.sleep(takesMs)
        return { state, stale: false }
      },
    },
    assess: createAssess(),
    operations: { open: async () => [] },
    rows: { load: async () => undefined, write: async () => {}, age: async () => {} },
    lease: { fence: async () => {} },
    budget: async () => budget,
    everyMs: 60_000,
    watching: () => 1,
    onRead: (_, any) => void (any && turned.push(seconds())),
    clock: time.clock,
    log: quietLog(),
  })
  watch.start()
})
afterEach(() => watch.stop())

/** Everything that can be done without time going on is done. */
const settled = () => new Promise((resolve) => setImmediate(resolve))
async function pass(ms: number): Promise<void> {
  await settled()
  for (let gone = 0; gone < ms; gone += 100) {
    time.turn(100)
    await settled()
  }
}

describe('an environment is looked at', () => {
  test('from start to start, however long a look takes', async () => {
    takesMs = 7_000
    await pass(190_000)
    expect(readings).toEqual([0, 60, 120, 180])
  })

  test('again when something is bad, and known to be down within the interval and two seconds', async () => {
    await pass(500)
    services = [dead] // just after a look
    takesMs = 500
    await pass(65_000)
    expect(readings).toEqual([0, 60, 61.3])
    expect(turned).toEqual([61.8])
    await pass(60_000)
    expect(readings.slice(3)).toEqual([120])
  })

  test('again when the time is over that a recovery has to hold', async () => {
    services = [dead]
    await pass(70_000)
    expect(turned).toEqual([60.8])
    services = [well]
    await pass(20_000)
    await Promise.all([watch.look(), pass(61_000)]) // at 90 s
    expect(readings).toEqual([0, 60, 60.8, 90, 120, 150])
    expect(turned).toEqual([60.8, 150])
  })

  test('at most twice a second, whoever asks and however often', async () => {
    await settled()
    const asked = Array.from({ length: 1_000 }, () => watch.look())
    await pass(600)
    for (let more = 0; more < 20; more += 1) {
      asked.push(watch.look())
      await pass(100)
    }
    await pass(500)
    await Promise.all(asked)
    expect(readings.length).toBeLessThanOrEqual(7)
    expect(readings.every((at, n) => n === 0 || at - readings[n - 1]! >= 0.5)).toBe(true)
  })

  test('less often where Railway allows few more requests, recoveries included', async () => {
    budget = { limit: 1_000, remaining: 210, resetsAt: new Date(began + 1_200_000) }
    services = [dead]
    await pass(70_000)
    services = [well]
    await pass(230_000)
    expect(readings).toEqual([0, 60, 60.8, 174, 276.6])
    expect(turned).toEqual([60.8, 276.6])
  })
})
