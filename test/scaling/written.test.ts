import { describe, expect, test } from 'vitest'
import { describeScaling, ruleFacts } from '#src/scaling/describe-scaling.ts'
import { readWritten, type ScaleOptions, writtenWith } from '#src/scaling/written.ts'

const read = (options: ScaleOptions, before?: unknown) => readWritten(writtenWith(before, options), 'Nothing was set')

describe('rules are read', () => {
  test('as people give them', () => {
    const rules = read({
      ...{ min: 2, max: 8, cpu: '70%', requests: '20', latency: '800ms', queue: 'jobs', each: '50', tolerance: '5%' },
      ...{ 'up-after': '1m', 'up-step': 2, 'down-after': '10m', 'time-zone': 'Europe/Berlin', dollars: '120.50', 'per-hour': 6 },
      ...{ schedule: 'Mon-Fri 8:00-20:00 min 3 max 8; saturday,sun 10:00 - 18:00 max 2', consciousness: 'below 5 more 25%' },
    })
    expect(describeScaling(rules)).toBe(
      '2 to 8 replicas (others by its schedules), for CPU of 70 % each, 20 requests a second each, a p95 of 800 ms and 50 waiting each in jobs',
    )
    expect(Object.fromEntries(ruleFacts(rules).map(({ label, value }) => [label, value]))).toEqual({
      Adds: 'at most 2 at once, after 1 min, 2 min after the act before',
      'Takes away': 'at most 1 at once, after 10 min, 5 min after the act before',
      Tolerance: '5 % around a target nothing is done',
      'Schedules (Europe/Berlin)': 'mon-fri 08:00-20:00 min 3 max 8 and sat,sun 10:00-18:00 max 2',
      Consciousness: 'below 5: 25 % more replicas than needed',
      Budget: '6 acts an hour, $120.50 a month',
    })
  })

  test('and said as they hold, not rounded', () => {
    const rules = read({
      ...{ max: 8, cpu: '66.66%', memory: '0.1255', requests: '1234', latency: '1250ms', queue: 'jobs', each: 12_345 },
      ...{ tolerance: '12.55%', consciousness: 'below 5.125 more 12.25%', dollars: '1234.5' },
    })
    expect(describeScaling(rules)).toBe(
      '1 to 8 replicas, for CPU of 66.66 % each, memory of 0.1255 GB each, 1,234 requests a second each, a p95 of 1,250 ms and 12,345 waiting each in jobs',
    )
    const facts = Object.fromEntries(ruleFacts(rules).map(({ label, value }) => [label, value]))
    expect([facts.Tolerance, facts.Consciousness, facts.Budget]).toEqual([
      '12.55 % around a target nothing is done',
      'below 5.125: 12.25 % more replicas than needed',
      '12 acts an hour, $1,234.50 a month',
    ])
  })

  test('with what is left out as it was, and none to take it away', () => {
    const before = writtenWith(undefined, { max: 8, cpu: '70%', memory: '80%', queue: 'jobs', group: 'workers', each: 5, dollars: 10 })
    expect(writtenWith(before, { max: 4, memory: 'none', queue: 'none', dollars: 'none' })).toEqual({ max: 4, targets: { cpu: '70%' } })
  })

  test('days in any order, and over the end of the week', () => {
    const { schedules } = read({ max: 2, cpu: '70%', schedule: 'fri-mon 00:00-24:00 max 1; daily 10:00-11:00 min 2' })
    expect(schedules.map(({ days }) => days.join(' '))).toEqual(['fri sat sun mon', 'mon tue wed thu fri sat sun'])
  })
})

describe('each fault is named by its option', () => {
  test.each<[string, ScaleOptions, string]>([
    ['no target', { max: 3 }, 'Nothing was set: of the targets one is missing: cpu, memory, requests, latency, or queue with each.'],
    ['the last target gone', { max: 3, cpu: 'none' }, 'Nothing was set: of the targets one is missing: cpu'],
    ['no maximum', { cpu: '70%' }, '“max” must be a whole number from 1 to 50'],
    ['more than Railway has', { cpu: '70%', max: 51 }, '“max” must be a whole number from 1 to 50'],
    ['least above most', { cpu: '70%', min: 4, max: 3 }, '“min” must not be more than max'],
    ['no share', { cpu: 'much', max: 3 }, '“cpu” must be a share such as 90% or an amount in vCPU such as 1.5'],
    ['nothing as a target', { cpu: '0%', max: 3 }, '“cpu” must be more than 0'],
    ['several at once', { requests: 'many', latency: '5', max: 3, 'up-after': 'soon' }, '“requests” must be a number'],
    [
      'a length of time',
      { cpu: '70%', max: 3, 'down-cooldown': '8d' },
      '“down-cooldown” must be a length of time from 0s to 1 d, such as 5m',
    ],
    ['a queue without its size', { queue: 'jobs', max: 3 }, '“each” is missing: so many waiting messages for each replica.'],
    ['a queue of many', { queue: 'jobs', each: 'many', max: 3 }, '“each” must be a number above 0'],
    ['a size without a queue', { each: 5, max: 3 }, '“queue” is missing: the key of a list or a stream in Redis.'],
    [
      'an unknown day',
      { cpu: '70%', max: 3, schedule: 'noday 08:00-20:00 max 2' },
      '“schedule” must name days such as mon-fri or sat,sun: “noday” is none',
    ],
    ['no time of day', { cpu: '70%', max: 3, schedule: 'mon 25:00-26:00 max 2' }, '“schedule 1 from” must be a time of day such as 08:00'],
    [
      'a schedule without bounds',
      { cpu: '70%', max: 3, schedule: 'mon 08:00-20:00' },
      '“schedule” must read like “mon-fri 08:00-20:00 min 3 max 8”',
    ],
    ['a bound twice', { cpu: '70%', max: 3, schedule: 'mon 08:00-20:00 max 2 max 3' }, '“schedule” must say max once'],
    ['the second of two', { cpu: '70%', max: 3, schedule: 'mon 08:00-20:00 max 2; tue never' }, '“schedule 2” must read like'],
    [
      'bounds that contradict',
      { cpu: '70%', max: 3, schedule: 'mon 08:00-20:00 min 5' },
      '“schedule 1” must not ask for at least 5 and at most 3 replicas',
    ],
    ['no time zone', { cpu: '70%', max: 3, 'time-zone': 'Mars/Olympus' }, '“time-zone” must be a time zone such as Europe/Berlin'],
    ['what a level changes', { cpu: '70%', max: 3, consciousness: 'low: panic' }, '“consciousness” must read like “below 5 hold”'],
    ['no level', { cpu: '70%', max: 3, consciousness: 'below 11 hold' }, '“consciousness below” must be at most 10'],
    ['no money', { cpu: '70%', max: 3, dollars: 'lots' }, '“dollars” must be a number above 0, at most 100,000'],
  ])('%s', (_, options, fault) => expect(() => read(options)).toThrow(fault))
})
