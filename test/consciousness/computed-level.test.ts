import { describe, expect, test } from 'vitest'
import { type Baselines, nextBaselines } from '#src/consciousness/baselines.ts'
import { computedLevel, partsOf } from '#src/consciousness/computed-level.ts'
import type { ServiceSignals } from '#src/signals/signals.ts'
import { at, http, service, signalsOf } from './signals-of.ts'

const baselines: Baselines = { 'id-a': { p95Ms: 100, readings: 50, counts: true, at: at.toISOString() } }
const levelOf = (services: readonly ServiceSignals[], apart?: string) => computedLevel(partsOf(signalsOf(services), baselines), apart)

describe('the level that Helix works out', () => {
  test('is 10 where all is well', () => {
    const metrics = { harmony: 10, resilience: 1, prana: 10, drishti: 10, klesha: 0 }
    expect(levelOf([service('a'), service('b', { condition: 'sleeping' }), service('c', { condition: 'deploying' })])).toEqual({
      level: 10,
      metrics,
    })
  })
  test.each([
    [
      'one of four down',
      [service('a', { condition: 'down', replicas: { running: 0, wanted: 1 } })],
      7.5,
      { harmony: 7.5, resilience: 0.75 },
    ],
    ['one of four degraded', [service('a', { condition: 'degraded' })], 8.75, { harmony: 8.75 }],
    ['5% errors of one', [service('a', { http: http({ errorRate: 0.05 }) })], 9.38, { klesha: 1.25, harmony: 10 }],
    ['any more than 10% errors', [service('a', { http: http({ errorRate: 0.9 }) })], 8.75, { klesha: 2.5 }],
    ['slower than usual by half', [service('a', { http: http({ p95Ms: 150 }) })], 10, { drishti: 10 }],
    ['four times as slow', [service('a', { http: http({ p95Ms: 400 }) })], 9.38, { drishti: 7.5 }],
    ['a disk that is full', [service('a', { disk: { used: 5, limit: 5 }, cpu: { used: 1, limit: 2 } })], 9.38, { prana: 7.5 }],
    ['memory at 90%', [service('a', { memory: { used: 0.9, limit: 1 } })], 9.69, { prana: 8.75 }],
    ['no limit that is known', [service('a', { memory: { used: 9, limit: undefined } })], 10, { prana: 10 }],
  ] as const)('falls with %s', (_name, ill, level, metrics) => {
    const found = levelOf([...ill, service('b'), service('c'), service('d')])
    expect(found).toMatchObject({ level, metrics })
  })
  test('leaves out what is stopped and what nobody knows, and says nothing where nothing is left', () => {
    expect(levelOf([service('a'), service('b', { condition: 'stopped' }), service('c', { condition: 'unknown' })])?.level).toBe(10)
    expect(levelOf([service('b', { condition: 'stopped' })])).toBeUndefined()
    expect(levelOf([])).toBeUndefined()
  })
  test('does not count a service’s own trouble against what shall heal it', () => {
    const ill = service('a', { condition: 'down', replicas: { running: 0, wanted: 2 } })
    expect(levelOf([ill, service('b')])).toMatchObject({ level: 5, metrics: { harmony: 5, resilience: 0.5 } })
    expect(levelOf([ill, service('b')], 'id-a')).toMatchObject({ level: 10, metrics: { harmony: 10, resilience: 1 } })
    expect(levelOf([ill, service('b')], 'id-b')?.level).toBe(5)
  })
})

describe('a baseline', () => {
  const minutes = (count: number, p95Ms: number, from: Baselines = {}, given: Partial<ServiceSignals> = {}, begin = 0) => {
    let known = from
    for (let n = 0; n < count; n += 1) {
      const signals = signalsOf([service('a', { http: http({ p95Ms }), ...given })], { at: new Date(at.getTime() + (begin + n) * 60_000) })
      known = nextBaselines(known, signals)
    }
    return known
  }
  test('counts after ten readings', () => {
    expect([minutes(9, 100)['id-a']!.counts, minutes(10, 100)['id-a']!.counts]).toEqual([false, true])
  })
  test('moves slowly: half of the way in six hours', () => {
    const moved = minutes(360, 300, minutes(10, 100), {}, 10)['id-a']!.p95Ms
    expect(moved).toBeGreaterThan(195)
    expect(moved).toBeLessThan(205)
  })
  test('is not moved by a service that is not well', () => {
    expect(minutes(60, 900, minutes(10, 100), { condition: 'degraded' }, 10)['id-a']!.p95Ms).toBe(100)
  })
  test('is forgotten with its service, after a week', () => {
    const known = minutes(10, 100)
    const later = (days: number) => nextBaselines(known, signalsOf([], { at: new Date(at.getTime() + days * 86_400_000) }))
    expect([Object.keys(later(6)), Object.keys(later(8))]).toEqual([['id-a'], []])
  })
})
