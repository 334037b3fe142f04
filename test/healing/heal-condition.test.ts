import { describe, expect, test } from 'vitest'
import { readCondition } from '#src/healing/heal-condition.ts'
import { healRules } from '#src/healing/heal-rules.ts'
import type { ServiceSignals } from '#src/signals/signals.ts'
import { at, http, service } from '#test/consciousness/signals-of.ts'

const read = (when: object, given: Partial<ServiceSignals>) =>
  readCondition(healRules.parse({ when }).when, service('api', given), undefined)

describe('what a condition says of a reading', () => {
  test('of health: since when by its own account, and never of what was well when it was read last', () => {
    const down = { condition: 'down', reason: 'No replica runs.' } as const
    expect(read({ kind: 'health', for: '30s' }, down)).toEqual({
      verdict: 'bad',
      sentence: 'api is down. No replica runs.',
      forMs: 30_000,
      since: at.getTime(),
    })
    expect(read({ kind: 'health' }, { ...down, condition: 'degraded', easing: true })).toMatchObject({ verdict: 'between', easing: true })
    expect(read({ kind: 'health' }, { ...down, easing: true })).toMatchObject({ verdict: 'between', easing: true })
    expect(read({ kind: 'health', is: ['down'] }, { condition: 'degraded' }).verdict).toBe('well')
    expect(read({ kind: 'health' }, { condition: 'deploying' }).verdict).toBe('between')
    expect(read({ kind: 'health' }, { condition: 'unknown' }).verdict).toBe('between')
  })

  test('of what flaps: down as often as it is read so, and held to be that meanwhile', () => {
    const is = ['down']
    const flaps = (flapping: 'down' | 'degraded' | 'healthy') => read({ kind: 'health', is }, { condition: 'degraded', flapping })
    expect(flaps('down').verdict).toBe('bad')
    expect(flaps('degraded')).toMatchObject({ verdict: 'between', easing: true })
    expect(flaps('healthy')).toMatchObject({ verdict: 'between', easing: true })
    expect(read({ kind: 'health', is: ['degraded'] }, { condition: 'degraded', flapping: 'down' }).verdict).toBe('bad')
  })

  test('of a figure: what it is, and that nothing is known where nothing was counted', () => {
    const slow = { kind: 'latency', above: '800ms', recover: '500ms' }
    expect(read(slow, { http: http({ p95Ms: 900 }) })).toMatchObject({
      verdict: 'bad',
      sentence: 'api: P95 latency: 900 ms now.',
      since: undefined,
    })
    expect(read(slow, { http: http({ p95Ms: 600 }) }).verdict).toBe('between')
    expect(read(slow, {}).verdict).toBe('unread')
  })

  test('of an alert rule that is gone: nothing', () => {
    expect(read({ kind: 'alert', rule: 'slow' }, {})).toMatchObject({
      verdict: 'unread',
      sentence: 'There is no alert rule slow any more.',
    })
  })
})
