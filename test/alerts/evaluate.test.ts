import { describe, expect, test } from 'vitest'
import { evaluateServices } from '#src/alerts/evaluate.ts'
import { alertRule, isOfServices } from '#src/alerts/rule.ts'
import { judgeOf } from '#src/alerts/service-rules.ts'
import { type Standing, unreadMs } from '#src/alerts/standing.ts'
import type { ServiceSignals } from '#src/signals/signals.ts'
import { at, http, service, signalsOf } from '#test/consciousness/signals-of.ts'

const memory = (used: number) => service('api', { memory: { used, limit: 1 } })
const minute = 60_000

/** Readings of one environment, one after the other, under one rule. */
function story(written: Readonly<Record<string, unknown>>) {
  const rule = alertRule.parse({ name: 'one', ...written })
  if (!isOfServices(rule)) throw new Error('a rule of services is wanted')
  let standings: readonly Standing[] = []
  return (minutes: number, services: readonly ServiceSignals[], more: { readonly gapped?: boolean; readonly isGone?: boolean } = {}) => {
    const read = signalsOf(services, { at: new Date(at.getTime() + minutes * minute) })
    const { gapped = false, isGone = false } = more
    const judges = isGone ? [] : [judgeOf(rule)]
    standings = evaluateServices(judges, read, { before: standings, rules: new Set(judges.map((judge) => judge.rule.name)), gapped })
    return standings.map(
      ({ phase, untold, end, trouble }) =>
        `${phase}${untold ? `: ${phase === 'over' ? end : `${trouble?.title}. ${trouble?.sentence}`}` : ''}`,
    )
  }
}

describe('what a rule makes of readings', () => {
  test('it fires once it has lasted, and says what was read', () => {
    const read = story({ kind: 'memory', above: '90%', for: '10m' })
    expect(read(0, [memory(0.95)])).toEqual(['pending'])
    expect(read(9.9, [memory(0.96)])).toEqual(['pending'])
    expect(read(10, [memory(0.97)])).toEqual(['firing: api: memory above 90 %. Memory: 97 % now.'])
  })

  test('one reading that is well begins the time anew', () => {
    const read = story({ kind: 'memory', above: '90%', for: '10m' })
    read(0, [memory(0.95)])
    expect(read(5, [memory(0.9)])).toEqual([])
    expect(read(10, [memory(0.95)])).toEqual(['pending'])
    expect(read(19, [memory(0.95)])).toEqual(['pending'])
  })

  test('between its figure and its recovery it goes on, and it is over after two readings that are well', () => {
    const read = story({ kind: 'memory', above: '90%', recover: '80%', for: '0s' })
    expect(read(0, [memory(0.95)])[0]).toMatch(/^firing/)
    expect(read(1, [memory(0.85)])[0]).toMatch(/^firing/)
    expect(read(2, [memory(0.8)])[0]).toMatch(/^firing/)
    expect(read(3, [memory(0.85)])[0]).toMatch(/^firing/)
    expect(read(4, [memory(0.7)])[0]).toMatch(/^firing/)
    expect(read(5, [memory(0.6)])).toEqual(['over: Memory: 60 % now.'])
  })

  test('below, too', () => {
    const read = story({ kind: 'request-rate', below: 1, for: '0s' })
    const busy = (requestsPerSecond: number) => service('api', { http: { ...http({})!, requestsPerSecond } })
    expect(read(0, [busy(1)])).toEqual([])
    expect(read(1, [busy(0.5)])).toEqual(['firing: api: traffic below 1 requests a second. Traffic: 0.5 requests a second now.'])
  })

  test('what is not known decides nothing, and is over when it stays so', () => {
    const read = story({ kind: 'memory', above: '90%', for: '0s' })
    expect(read(0, [service('api')])).toEqual([])
    read(1, [memory(0.95)])
    expect(read(2, [service('api')])[0]).toMatch(/^firing/)
    expect(read(2 + unreadMs / minute, [service('api')])).toEqual(['over: Nothing is known of its memory now.'])
  })

  test('a share of what has no limit is not known, an amount is', () => {
    const endless = service('api', { memory: { used: 3, limit: undefined } })
    expect(story({ kind: 'memory', above: '90%', for: '0s' })(0, [endless])).toEqual([])
    expect(story({ kind: 'memory', above: 2, for: '0s' })(0, [endless])).toEqual(['firing: api: memory above 2 GB. Memory: 3 GB now.'])
  })

  test('errors among too few requests say nothing', () => {
    const read = story({ kind: 'error-rate', above: '10%', for: '0s', requests: 2 })
    const failing = (requestsPerSecond: number) => service('api', { http: { ...http({ errorRate: 0.5 })!, requestsPerSecond } })
    expect(read(0, [failing(1)])).toEqual([])
    expect(read(1, [failing(3)])).toHaveLength(1)
  })

  test('health: coming up is no recovery', () => {
    const read = story({ kind: 'health', for: '2m' })
    const is = (condition: ServiceSignals['condition']) => [service('api', { condition })]
    read(0, is('down'))
    expect(read(2, is('degraded'))).toEqual(['firing: api is degraded for 2 min. api is degraded. Because.'])
    read(3, is('deploying'))
    expect(read(4, is('deploying'))[0]).toMatch(/^firing/)
    read(5, is('healthy'))
    expect(read(6, is('healthy'))).toEqual(['over: api is healthy. Because.'])
  })

  test('only the services that it names', () => {
    const read = story({ kind: 'memory', above: '90%', for: '0s', services: ['web-*', 'api'] })
    const full = (name: string) => service(name, { memory: { used: 1, limit: 1 } })
    expect(read(0, [full('web-1'), full('api'), full('api-2'), full('db')])).toHaveLength(2)
  })

  test('after a time in which nobody looked, what was pending begins anew and what fires goes on', () => {
    const read = story({ kind: 'memory', above: '90%', for: '10m' })
    read(0, [memory(0.95)])
    expect(read(30, [memory(0.95)], { gapped: true })).toEqual(['pending'])
    expect(read(40, [memory(0.95)])[0]).toMatch(/^firing/)
    expect(read(90, [memory(0.95)], { gapped: true })[0]).toMatch(/^firing/)
  })

  test('a service that is gone and a rule that is gone end what fires', () => {
    const gone = story({ kind: 'memory', above: '90%', for: '0s' })
    gone(0, [memory(0.95)])
    expect(gone(1, [])[0]).toMatch(/^over: What it was about is no longer there/)
    const removed = story({ kind: 'memory', above: '90%', for: '0s' })
    removed(0, [memory(0.95)])
    expect(removed(1, [memory(0.95)], { isGone: true })[0]).toMatch(/^over: The rule was removed or disabled/)
  })
})
