import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LoadSample } from '#src/scaling/load-sample.ts'
import { replay } from '#src/scaling/replay.ts'
import type { WrittenScaleRules } from '#src/scaling/scale-rules.ts'
import { at, loadOf, rulesOf } from './rules-of.ts'

const service = { id: 's', name: 'api' }
const minute = 60_000

/** One sample a minute of what two replicas of 4 vCPU bore. */
function recorded(cpus: readonly number[], given: Partial<LoadSample> = {}): readonly LoadSample[] {
  return cpus.map((cpu, index) => loadOf({ cpu, cpuLimit: 8, at: new Date(at.getTime() + index * minute), ...given }))
}

function run(rules: Partial<WrittenScaleRules>, samples: readonly LoadSample[]) {
  // 0.7 vCPU of each.
  return replay(rulesOf({ targets: { cpu: '17.5%' }, ...rules }), service, samples)
}

test('what each replica bears follows from how many there would have been', async () => {
  const { replicas, decisions } = await run({}, recorded([1.4, 2.8, 2.8, 2.8, 0.7, 0.7]))
  expect(replicas).toEqual([2, 2, 4, 4, 4, 1])
  expect(decisions.map(({ from, to, verdict }) => [verdict, from, to])).toEqual([
    ['scale up', 2, 4],
    ['scale down', 4, 1],
  ])
})

test('replica-hours, dollars and minutes beyond the target are counted as they were and would have been', async () => {
  const { hours, dollars, overloadedMs } = await run({}, recorded([1.4, ...Array.from({ length: 59 }, () => 2.8)]))
  expect(hours.were).toBeCloseTo(2)
  expect(hours.would).toBeCloseTo(4 - 4 / 60)
  expect(overloadedMs).toEqual({ was: 59 * minute, would: minute })
  expect(dollars!.would / dollars!.were).toBeCloseTo(hours.would / hours.were, 1)
})

test('what nobody recorded counts for nothing, and is said', async () => {
  const samples = recorded([1.4, 1.4, 1.4, 1.4, 1.4]).map((each, index) => ({
    ...each,
    at: new Date(each.at.getTime() + (index > 2 ? 3_600_000 : 0)),
  }))
  const { hours, assumed } = await run({}, samples)
  expect(hours.were).toBeCloseTo((5 * 2) / 60)
  expect(assumed.at(-1)).toBe('Of 1 h there is no record: they count for nothing.')
})

test('two weeks of a sample a minute are replayed', async () => {
  const samples = recorded(Array.from({ length: 14 * 1_440 }, (_, index) => 2 + 1.5 * Math.sin(index / 200)))
  const schedules = 'mon-fri 08:00-20:00 min 3; sat,sun 10:00-18:00 min 2'
  const { decisions } = await run({ schedules, timeZone: 'Europe/Berlin', down: { for: '5m', cooldown: '5m' } }, samples)
  expect(decisions.length).toBeGreaterThan(10)
})

test('what else the process does goes on while a long time is replayed', async () => {
  let turns = 0
  let isOver = false
  const otherwise = (async () => {
    for (; !isOver; turns += 1) await new Promise(setImmediate)
  })()
  await run({}, recorded(Array.from({ length: 5_000 }, (_, index) => 2 + 1.5 * Math.sin(index / 200))))
  isOver = true
  await otherwise
  expect(turns).toBeGreaterThanOrEqual(9)
})

describe('whatever the load', () => {
  const series = fc.array(fc.double({ min: 0, max: 8, noNaN: true }), { minLength: 10, maxLength: 120 })

  test('there are never more nor fewer replicas than its bounds', async () => {
    await fc.assert(
      fc.asyncProperty(series, fc.integer({ min: 1, max: 4 }), async (cpus, min) => {
        const { replicas } = await run({ min, max: 6 }, recorded(cpus))
        return replicas.slice(1).every((each) => each >= min && each <= 6)
      }),
    )
  })

  test('no act follows another within its rest', async () => {
    await fc.assert(
      fc.asyncProperty(series, async (cpus) => {
        const { decisions } = await run({ up: { for: '0s', cooldown: '3m' }, down: { for: '2m', cooldown: '10m' } }, recorded(cpus))
        const acts = decisions.filter(({ act }) => act)
        return acts
          .slice(1)
          .every(({ at: when, from, to }, index) => when.getTime() - acts[index]!.at.getTime() >= (to > from ? 3 : 10) * minute)
      }),
    )
  })

  test('within the tolerance nothing is done', async () => {
    const near = fc.array(fc.double({ min: 1.4 * 0.91, max: 1.4 * 1.09, noNaN: true }), { minLength: 10, maxLength: 60 })
    await fc.assert(fc.asyncProperty(near, async (cpus) => (await run({}, recorded(cpus))).decisions.length === 0))
  })
})
