import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Condition } from '#src/health/health.ts'
import { isIll, type Observed } from '#src/signals/observe.ts'
import { paceOf } from '#src/signals/pace.ts'
import { type Memory, memory, type Smoothed, smooth } from '#src/signals/smooth.ts'

const pace = paceOf(60_000)
const seen = (condition: Condition, rest: Partial<Observed> = {}): Observed => ({
  condition,
  reason: `It is ${condition}.`,
  serves: condition !== 'down',
  restarting: false,
  forGood: false,
  waits: false,
  ...rest,
})

/** Readings at so many seconds, one after the other; answers what each of them led to. */
function story(readings: readonly (readonly [atSeconds: number, reading: Condition | Observed])[], begin?: Memory) {
  const steps: (Smoothed & { readonly at: number })[] = []
  for (const [at, reading] of readings) {
    const observed = typeof reading === 'string' ? seen(reading) : reading
    steps.push({ at, ...smooth(steps.at(-1)?.memory ?? begin, 'api', observed, at * 1_000, pace) })
  }
  const last = steps.at(-1)!
  return {
    steps,
    last,
    held: steps.map((step) => step.memory.condition),
    turns: steps.flatMap(({ at, turned, memory: { condition } }) => (turned ? [`${at}: ${turned.from} → ${condition}`] : [])),
  }
}
const healthy = story([[0, 'healthy']]).last.memory

describe('what turns bad', () => {
  test('is looked at again soon, and believed when it is still there', () => {
    const { steps, turns } = story([[60, 'down'], [61, 'down']], healthy) // biome-ignore format: a story
    expect(steps[0]).toMatchObject({ turned: undefined, lookInMs: 800, memory: { condition: 'healthy' } })
    expect(turns).toEqual(['61: healthy → down'])
    expect(steps[1]).toMatchObject({ memory: { since: 60_000, reason: 'It is down.' } })
  })

  test('and is well at the second look was a blink: nobody is told', () => {
    const { held, turns, last } = story([[60, 'down'], [61, 'healthy'], [120, 'healthy']], healthy) // biome-ignore format: a story
    expect(held).toEqual(['healthy', 'healthy', 'healthy'])
    expect(turns).toEqual([])
    expect(last.lookInMs).toBeUndefined()
  })

  test('two looks within half a second are one', () => {
    expect(story([[60, 'down'], [60.2, 'down']], healthy).turns).toEqual([]) // biome-ignore format: a story
  })

  test('is believed as far as all looks agree on', () => {
    expect(story([[60, 'down'], [61, 'degraded'], [62, 'degraded']], healthy).turns).toEqual(['61: healthy → degraded']) // biome-ignore format: a story
    const worse = story([[60, 'degraded'], [61, 'down'], [62, 'down'], [63, 'down']], healthy) // biome-ignore format: a story
    expect(worse.turns).toEqual(['61: healthy → degraded', '63: degraded → down'])
  })

  test('a restart is given its time, and a crash meanwhile is not', () => {
    const restarting = seen('down', { restarting: true })
    expect(story([[60, restarting], [61, restarting], [70, 'healthy']], healthy).turns).toEqual([]) // biome-ignore format: a story
    expect(story([[60, restarting], [61, restarting], [75, restarting]], healthy).turns).toEqual(['75: healthy → down']) // biome-ignore format: a story
    expect(story([[60, restarting], [61, 'down']], healthy).turns).toEqual(['61: healthy → down']) // biome-ignore format: a story
  })

  test('a restart is looked at soon, and less often the longer it takes: a loop of crashes is found out, whichever of them a look meets', () => {
    const restarting = seen('down', { restarting: true })
    const { steps } = story([[60, restarting], [60.8, restarting], [64, restarting], [74.5, restarting]], healthy) // biome-ignore format: a story
    expect(steps.map(({ lookInMs }) => lookInMs)).toEqual([800, 800, 2_000, 800])
    expect(story([[60, 'down'], [60.8, restarting], [61.6, 'down']], healthy).turns).toEqual(['61.6: healthy → down']) // biome-ignore format: a story
  })

  test('and is for good is believed at once', () => {
    const gone = seen('down', { forGood: true })
    expect(story([[60, gone]], healthy)).toMatchObject({ turns: ['60: healthy → down'], last: { lookInMs: undefined } })
    expect(story([[60, 'degraded'], [60.1, gone]], healthy).turns).toEqual(['60.1: healthy → down']) // biome-ignore format: a story
    expect(story([[0, gone]]).turns).toEqual(['0: unknown → down'])
  })
})

describe('what recovers', () => {
  const down = story([[60, 'down'], [61, 'down']], healthy).last.memory // biome-ignore format: a story

  test('has to hold for a while, and is looked at when that is over', () => {
    const { steps, turns } = story([[120, 'healthy'], [150, 'healthy'], [180, 'healthy']], down) // biome-ignore format: a story
    expect(steps[0]).toMatchObject({ turned: undefined, lookInMs: 60_000 })
    expect(turns).toEqual(['180: down → healthy'])
  })

  test('begins anew when it was bad in between', () => {
    const { turns } = story([[120, 'healthy'], [150, 'down'], [170, 'healthy'], [200, 'healthy']], down) // biome-ignore format: a story
    expect(turns).toEqual([])
  })

  test('in part is held for as long, and is no recovery of the rest', () => {
    const { turns } = story([[120, 'degraded'], [180, 'degraded'], [190, 'healthy'], [250, 'healthy']], down) // biome-ignore format: a story
    expect(turns).toEqual(['180: down → degraded', '250: degraded → healthy'])
  })

  test('a deployment that was made for it is none yet', () => {
    const { held, turns } = story([[120, 'deploying'], [180, 'deploying'], [240, 'healthy'], [300, 'healthy']], down) // biome-ignore format: a story
    expect(held).toEqual(['down', 'down', 'down', 'healthy'])
    expect(turns).toEqual(['300: down → healthy'])
  })

  test('who stops it on purpose need not wait', () => {
    expect(story([[120, 'stopped'], [121, 'stopped']], down).turns).toEqual(['121: down → stopped']) // biome-ignore format: a story
  })
})

describe('a rollout', () => {
  test('is told at once, and so is its end', () => {
    const { turns } = story([[60, 'deploying'], [90, 'healthy']], healthy) // biome-ignore format: a story
    expect(turns).toEqual(['60: healthy → deploying', '90: deploying → healthy'])
  })

  const stuck = seen('deploying', { serves: false })
  const minutes = (...all: readonly number[]) => all.map((minute) => [60 * minute, stuck] as const)

  test('with which nothing comes up is down when its time is over', () => {
    const { turns, last } = story([...minutes(1, 10, 20, 21), [21 * 60 + 1, stuck], [21 * 60 + 2, stuck]], healthy)
    expect(turns).toEqual(['60: healthy → deploying', '1262: deploying → down'])
    expect(last.memory.reason).toBe('It has been coming up for 20 min 2 s, and nothing of it serves. It is deploying.')
    expect(last.lookInMs).toBeUndefined()
  })

  test('beside which the one before serves, or which waits for somebody, takes as long as it takes', () => {
    const serving = seen('deploying')
    expect(story([[0, serving], [3_600, serving], [3_601, serving]], healthy).held).not.toContain('down') // biome-ignore format: a story
    const waiting = seen('deploying', { serves: false, waits: true })
    expect(story([[0, waiting], [7_200, waiting], [7_201, waiting]], healthy).held).not.toContain('down') // biome-ignore format: a story
  })
})

describe('a service that is seen for the first time', () => {
  test('is what it is, and did not become that', () => {
    for (const condition of ['healthy', 'sleeping', 'stopped', 'deploying'] as const) {
      expect(story([[0, condition]])).toMatchObject({ held: [condition], turns: [] })
    }
  })

  test('and is down is told of, once that is confirmed', () => {
    const { held, turns } = story([[0, 'down'], [1, 'down']]) // biome-ignore format: a story
    expect(held).toEqual(['unknown', 'down'])
    expect(turns).toEqual(['1: unknown → down'])
    expect(story([[0, 'down'], [1, 'healthy'], [60, 'healthy']])).toMatchObject({ held: ['unknown', 'healthy', 'healthy'], turns: [] }) // biome-ignore format: a story
  })
})

describe('a service that flaps', () => {
  /** Down for a minute, well for a minute and a half, as often as told. */
  const swings = (times: number) => Array.from({ length: times }, (_, n) => [[60 + n * 150, 'down'], [61 + n * 150, 'down'], [120 + n * 150, 'healthy'], [180 + n * 150, 'healthy']] as const).flat() // biome-ignore format: a story

  test('is held as degraded, and says so', () => {
    const { turns, last } = story([...swings(3).slice(0, -2)], healthy)
    expect(turns).toEqual([
      '61: healthy → down',
      '180: down → healthy',
      '211: healthy → down',
      '330: down → healthy',
      '360: healthy → degraded',
    ])
    expect(last.memory.reason).toBe('It flaps: 5 turns in 5 min 1 s. It is down.')
  })

  test('until it has been steady, and then tells once', () => {
    const flapping = story(swings(3), healthy).last.memory
    const steady = Array.from({ length: 7 }, (_, n) => [540 + n * 60, 'healthy'] as const)
    const { turns, held } = story(steady, flapping)
    expect(turns).toEqual(['720: degraded → healthy'])
    expect(held.at(0)).toBe('degraded')
  })

  test('and then stays down is down', () => {
    const flapping = story(swings(3), healthy).last.memory
    expect(story([[600, 'down'], [660, 'down']], flapping).turns).toEqual(['660: degraded → down']) // biome-ignore format: a story
  })

  test('so fast that no look confirms it is found all the same', () => {
    const quick = Array.from({ length: 5 }, (_, n) => [60 * n, n % 2 === 0 ? 'down' : 'healthy'] as const)
    const { turns, last } = story(quick, healthy)
    expect(turns).toEqual(['240: healthy → degraded'])
    expect(last.memory.reason).toMatch(/^It flaps: 5 turns in 4 min\./)
  })

  test('within hours does not flap', () => {
    const slow = Array.from({ length: 12 }, (_, n) => [3_600 * n, n % 2 === 0 ? 'down' : 'healthy'] as const)
    expect(story(slow, healthy).held).not.toContain('degraded')
  })
})

const anyReading = fc.record({
  afterMs: fc.integer({ min: 100, max: 90_000 }),
  condition: fc.constantFrom<Condition>('healthy', 'degraded', 'down', 'deploying', 'sleeping', 'unknown', 'stopped'),
  restarting: fc.boolean(),
  forGood: fc.boolean(),
  serves: fc.boolean(),
})

test('whatever is read: one bad look alone turns nothing bad but what is bad for good, what is remembered can be stored, and it is bounded', () => {
  fc.assert(
    fc.property(fc.array(anyReading, { maxLength: 60 }), (readings) => {
      let known: Memory | undefined
      let now = 0
      let badBefore = false
      for (const { afterMs, condition, ...rest } of readings) {
        now += afterMs
        const step = smooth(known, 'api', seen(condition, rest), now, pace)
        const flaps = step.memory.flappingSince !== undefined || known?.flappingSince !== undefined
        if (step.turned && isIll(step.memory.condition) && !isIll(step.turned.from) && !flaps && condition !== 'deploying') {
          expect(badBefore || rest.forGood).toBe(true)
        }
        badBefore = isIll(condition)
        expect(memory.parse(JSON.parse(JSON.stringify(step.memory)))).toEqual(step.memory)
        expect(step.memory.turns.length).toBeLessThanOrEqual(20)
        known = step.memory
      }
    }),
  )
})

test('whatever was before: what stays the same for an hour is held to be just that', () => {
  fc.assert(
    fc.property(
      fc.array(anyReading, { maxLength: 30 }),
      fc.constantFrom<Condition>('healthy', 'degraded', 'down', 'stopped'),
      (readings, last) => {
        let known: Memory | undefined
        let now = 0
        for (const { afterMs, condition } of [...readings, ...Array(60).fill({ afterMs: 60_000, condition: last })]) {
          now += afterMs
          known = smooth(known, 'api', seen(condition), now, pace).memory
        }
        expect(known).toMatchObject({ condition: last, reason: `It is ${last}.` })
        expect(known!.flappingSince).toBeUndefined()
      },
    ),
  )
})
