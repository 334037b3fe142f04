import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ScaleRound } from '#src/scaling/decide-scaling.ts'
import type { LoadSample } from '#src/scaling/load-sample.ts'
import type { WrittenScaleRules } from '#src/scaling/scale-rules.ts'
import { decide } from './decided.ts'
import { at } from './rules-of.ts'

describe('over time', () => {
  /** What it asks for at each reading, 15 s apart. */
  function walk(rules: Partial<WrittenScaleRules>, cpus: readonly number[]) {
    let state: ScaleRound['state']
    return cpus.map((cpu, index) => {
      const made = decide({ rules, load: { cpu, at: new Date(at.getTime() + index * 15_000) }, round: { state } })
      state = made.state
      return made.decision?.act?.arguments.replicas
    })
  }

  test('replicas are added once it has been so for that long, by the least of that time', () => {
    const rules = { up: { for: '30s', cooldown: '0s' } } as const
    expect(walk(rules, [1.4, 5, 1.9, 1.9])).toEqual([undefined, undefined, undefined, 3])
  })

  test('one reading in between that needs fewer begins it anew', () => {
    const rules = { up: { for: '30s', cooldown: '0s' } } as const
    expect(walk(rules, [1.9, 1.4, 1.9, 1.9, 1.9])).toEqual([undefined, undefined, undefined, undefined, 3])
  })

  test('replicas are taken away only if the whole time before needed fewer', () => {
    const rules = { down: { for: '30s', cooldown: '0s', step: 49 } } as const
    expect(walk(rules, [0.1, 0.1, 1.4, 0.1, 0.1, 0.1])).toEqual([undefined, undefined, undefined, undefined, undefined, 1])
  })

  test('what was before a gap in the readings says nothing', () => {
    const rules = { up: { for: '30s' as const, cooldown: '0s' as const } }
    const first = decide({ rules, load: { cpu: 1.9 } })
    const late = { cpu: 1.9, at: new Date(at.getTime() + 120_000) }
    expect(decide({ rules, load: late, round: { state: first.state } }).decision).toBeUndefined()
  })

  test('what is only simulated is told once, not each cycle', () => {
    const first = decide({ load: { cpu: 1.9 }, mode: 'simulate' })
    const next = decide({ load: { cpu: 1.9, at: new Date(at.getTime() + 15_000) }, mode: 'simulate', round: { state: first.state } })
    expect([first.decision?.act?.arguments.replicas, next.decision]).toEqual([3, undefined])
  })
})

describe('whatever the load', () => {
  const figure = fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: undefined })
  const loads = fc.record({
    ...{ replicas: fc.integer({ min: 1, max: 50 }), cpu: figure, memory: figure, requestsPerSecond: figure, queue: figure },
    p95Ms: fc.option(fc.double({ min: 0, max: 5_000, noNaN: true }), { nil: undefined }),
  })
  const targets = { cpu: '70%', memory: '80%', requestRate: 5, latency: '500ms', queue: { key: 'q', each: 3 } } as const
  const limits = ({ replicas }: { readonly replicas: number }) => ({ cpuLimit: replicas * 4, memoryLimit: replicas * 4 })

  test('what it asks for is within its bounds', () => {
    fc.assert(
      fc.property(loads, fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 20 }), (load, min, width) => {
        const { decision } = decide({ rules: { targets, min, max: min + width }, load: { ...load, ...limits(load) } })
        const to = decision?.act?.arguments.replicas as number | undefined
        return to === undefined || (to >= min && to <= min + width)
      }),
    )
  })

  test('more load never takes fewer replicas', () => {
    const takes = (load: Partial<LoadSample>) => decide({ rules: { targets, max: 50 }, load }).state.told.takes ?? 0
    const kinds = ['cpu', 'memory', 'requestsPerSecond', 'queue', 'p95Ms'] as const
    fc.assert(
      fc.property(loads, fc.constantFrom(...kinds), fc.double({ min: 0, max: 50, noNaN: true }), (load, kind, more) => {
        const known = { ...load, requestsPerSecond: load.requestsPerSecond ?? 1, [kind]: load[kind] ?? 1, ...limits(load) }
        // That a limit is of each is learned from usage beyond it: no question of load.
        const calm = {
          ...known,
          cpu: Math.min(known.cpu ?? 1, known.cpuLimit / 2),
          memory: Math.min(known.memory ?? 1, known.memoryLimit / 2),
        }
        const heavier = { ...calm, [kind]: Math.min(calm[kind]! + more, kind === 'cpu' || kind === 'memory' ? known.cpuLimit : 10_000) }
        return takes(heavier) >= takes(calm)
      }),
    )
  })
})
