import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideHealing } from '#src/healing/decide-healing.ts'
import { type HealState, healState } from '#src/healing/heal-state.ts'
import { attemptsOf } from '#src/healing/heal-words.ts'
import type { Condition } from '#src/health/health.ts'
import type { PastDecision } from '#src/policies/decision.ts'
import { wasDone } from '#src/policies/decision.ts'
import { service } from '#test/consciousness/signals-of.ts'
import { decided, deployment, minutes, policyOf, sightOf, start } from './sight.ts'

const HOUR = minutes(60)

/** What may become of an act, and after how many readings its operation is over. */
const fates = fc.record({
  answer: fc.constantFrom('started', 'failed', 'done', 'unknown', 'refused', 'denied', 'for now'),
  outcome: fc.constantFrom('succeeded', 'failed', 'unknown', 'cancelled'),
  lasts: fc.integer({ min: 0, max: 5 }),
})

const ticks = fc.record({
  afterMs: fc.integer({ min: 1_000, max: minutes(15) }),
  condition: fc.oneof(
    { weight: 3, arbitrary: fc.constant('down') },
    fc.constantFrom('healthy', 'degraded', 'easing', 'deploying', 'unknown', 'stopped'),
  ),
  rollsOut: fc.boolean(),
  person: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
  stopped: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, fc.constant(true)),
  fate: fates,
})

type Tick = typeof ticks extends fc.Arbitrary<infer Value> ? Value : never

const rules = fc.record({
  steps: fc.array(
    fc.oneof(
      fc.record({ do: fc.constantFrom('restart', 'redeploy', 'rollback'), attempts: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ do: fc.constant('scale'), by: fc.constant(2), most: fc.integer({ min: 1, max: 5 }), attempts: fc.constant(1) }),
    ),
    { minLength: 1, maxLength: 4 },
  ),
  wait: fc.constantFrom('10s', '2m', '20m'),
  settle: fc.constantFrom('0s', '5m', '1h'),
  perHour: fc.integer({ min: 1, max: 6 }),
})

const illVerdicts = new Set(['down', 'degraded'])

/** Plays readings through; answers every decision with the moment and the reading that it was made from. */
function play(policy: ReturnType<typeof policyOf>, all: readonly Tick[]) {
  let state: HealState | undefined
  let now = start
  let past: readonly PastDecision[] = []
  const running = new Map<string, { left: number; outcome: PastDecision['outcome'] }>()
  const made: { readonly at: number; readonly decision: PastDecision; readonly tick: Tick; readonly busy: boolean }[] = []
  for (const tick of all) {
    now += tick.afterMs
    for (const [id, each] of running) {
      each.left -= 1
      if (each.left >= 0) continue
      running.delete(id)
      past = past.map((one) => (one.id === id ? { ...one, outcome: each.outcome } : one))
    }
    const busy = running.size > 0
    const verdict = illVerdicts.has(tick.condition)
      ? 'bad'
      : tick.condition === 'healthy' || tick.condition === 'stopped'
        ? 'well'
        : 'between'
    const latest = deployment('z', start, { status: tick.rollsOut ? 'BUILDING' : 'SUCCESS' })
    const next = decideHealing(
      sightOf({
        ...{ policy, state, past, now, history: [deployment('b', start - 1), deployment('a', start - minutes(900))] },
        service: service('api', { condition: (tick.condition === 'easing' ? 'degraded' : tick.condition) as Condition, latest }),
        condition: { verdict, sentence: 'x', forMs: 30_000, since: undefined, ...(tick.condition === 'easing' && { easing: true }) },
        stop: tick.stopped ? { reason: 'r', byName: 'Ada', since: new Date(start) } : undefined,
        open: tick.person
          ? [{ id: 'o', kind: 'deploy', service: 'api', environment: 'e', status: 'running', by: 'Omar', since: new Date(start) }]
          : [],
      }),
    )
    // It survives the database.
    state = healState.parse(JSON.parse(JSON.stringify(next.state)))
    if (!next.decision) continue
    const { fate } = tick
    const forNow = fate.answer === 'for now'
    const isStarted = fate.answer === 'started'
    const row = decided(now, {
      ...next.decision,
      ...{ id: `d${made.length}`, mode: policy.mode, act: next.decision.act, outcome: isStarted ? 'running' : undefined },
      answer: {
        status: forNow ? 'refused' : fate.answer,
        sentence: 'Because.',
        ...(forNow && { forNow }),
        ...(isStarted && { operation: 'o' }),
      },
    } as unknown as Partial<PastDecision>)
    if (row.act && isStarted && policy.mode === 'act') running.set(row.id, { left: fate.lasts, outcome: fate.outcome })
    past = [row, ...past]
    made.push({ at: now, decision: row, tick, busy })
  }
  return { made, state, past }
}

test('whatever happens: never too soon, too often, too much, on what nobody knows, or over somebody else', () => {
  fc.assert(
    fc.property(rules, fc.constantFrom('act', 'simulate'), fc.array(ticks, { maxLength: 120 }), (given, mode, all) => {
      const policy = policyOf(given as never, mode as 'act')
      const { made } = play(policy, all)
      const acts = made.filter(({ decision }) => decision.act)
      const done = acts.filter(({ decision }) => mode === 'simulate' || wasDone(decision))
      for (const { at, tick, busy } of acts) {
        expect(illVerdicts.has(tick.condition)).toBe(true)
        expect([tick.rollsOut, tick.person, tick.stopped, busy]).toEqual([false, false, false, false])
        const before = done.filter((each) => each.at < at)
        expect(at - (before.at(-1)?.at ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(policy.rules.wait)
        expect(before.filter((each) => each.at > at - HOUR).length).toBeLessThan(policy.rules.perHour)
      }
      // Between two beginnings there are no more attempts than the steps have.
      let attempts = 0
      for (const { decision } of made) {
        if (decision.verdict === 'well again' || decision.verdict === 'gone') continue
        if (decision.act && (mode === 'simulate' || wasDone(decision))) attempts += 1
        if (decision.sentence.includes('attempt 1 of') || decision.sentence.includes('(attempt 1 of')) attempts = Math.min(attempts, 1)
        expect(attempts).toBeLessThanOrEqual(attemptsOf(policy.rules))
      }
    }),
    { numRuns: 400 },
  )
})

test('what stays ill is given up on, whatever became of the acts, unless somebody holds it', () => {
  fc.assert(
    fc.property(rules, fc.array(fates, { minLength: 1, maxLength: 10 }), (given, all) => {
      const policy = policyOf(given as never)
      const forever = Array.from({ length: 600 }, (_, index) => {
        const fate = all[index % all.length]!
        // Somebody who never lets go is waited for.
        const answer = fate.answer === 'for now' || fate.answer === 'denied' ? 'failed' : fate.answer
        return {
          afterMs: minutes(15),
          condition: 'down',
          rollsOut: false,
          person: false,
          stopped: false,
          fate: { ...fate, answer },
        } as const
      })
      const { made, state } = play(policy, forever)
      expect(made.at(-1)?.decision.verdict).toBe('gave up')
      expect(made.filter(({ decision }) => decision.verdict === 'gave up')).toHaveLength(1)
      expect(state?.episode?.gaveUpAt).toBeDefined()
      expect(made.filter(({ decision }) => decision.act).length).toBeLessThanOrEqual(attemptsOf(policy.rules))
    }),
    { numRuns: 150 },
  )
})

test('what becomes well rests in the end, with nothing left behind', () => {
  fc.assert(
    fc.property(rules, fc.array(ticks, { maxLength: 60 }), (given, all) => {
      const well = Array.from({ length: 40 }, () => ({
        ...{ afterMs: minutes(15), condition: 'healthy', rollsOut: false, person: false, stopped: false },
        fate: { answer: 'started', outcome: 'succeeded', lasts: 0 },
      })) as unknown as typeof all
      const { state } = play(policyOf(given as never), [...all, ...well])
      expect(state).toEqual({})
    }),
    { numRuns: 150 },
  )
})

test('what is never well for ten minutes is given up on after no more acts than there are attempts, however short it may settle', () => {
  const stretch = fc.record({ ill: fc.integer({ min: 5, max: 40 }), well: fc.integer({ min: 1, max: 50 }), blinks: fc.boolean() })
  fc.assert(
    fc.property(rules, fc.array(stretch, { minLength: 1, maxLength: 4 }), (given, stretches) => {
      const policy = policyOf(given as never)
      const fate = { answer: 'started', outcome: 'succeeded', lasts: 0 } as const
      const read = (condition: string) => ({ afterMs: 10_000, condition, rollsOut: false, person: false, stopped: false, fate }) as Tick
      const round = stretches.flatMap(({ ill, well, blinks }) => [
        ...Array.from({ length: ill }, (_, index) => read(blinks && index % 5 === 4 ? 'easing' : 'down')),
        ...Array.from({ length: well }, () => read('healthy')),
      ])
      const rounds = Math.ceil(20_000 / round.length)
      const { made } = play(policy, Array.from({ length: rounds }, () => round).flat())
      expect(made.filter(({ decision }) => decision.act).length).toBeLessThanOrEqual(attemptsOf(policy.rules))
      expect(made.some(({ decision }) => decision.verdict === 'gave up')).toBe(true)
    }),
    { numRuns: 12 },
  )
})
