import { describe, expect, test } from 'vitest'
import { decideHealing } from '#src/healing/decide-healing.ts'
import { describePolicy } from '#src/healing/describe-policy.ts'
import type { HealDecided, HealSight } from '#src/healing/heal-sight.ts'
import type { HealState } from '#src/healing/heal-state.ts'
import { healingFact } from '#src/healing/standing.ts'
import type { PastDecision } from '#src/policies/decision.ts'
import { service } from '#test/consciousness/signals-of.ts'
import { decided, deployment, minutes, policyOf, sightOf, start } from './sight.ts'

/** One reading after the other; what is decided is done at once, as `answer` says. */
function run(given: Partial<HealSight> = {}, answer: (made: PastDecision) => Partial<PastDecision> = () => ({})) {
  let state: HealState | undefined
  let past: readonly PastDecision[] = []
  return (at: number, more: Parameters<typeof sightOf>[0] = {}): HealDecided => {
    const made = decideHealing(sightOf({ ...given, state, past, now: start + at, ...more }))
    state = made.state
    const { decision } = made
    if (decision) {
      const { mode } = given.policy ?? { mode: 'act' as const }
      const row = decided(start + at, { ...decision, act: decision.act, mode } as Partial<PastDecision>)
      past = [{ ...row, ...(decision.act && answer(row)) }, ...past]
    }
    return made
  }
}

const verdict = ({ decision }: HealDecided) => decision?.verdict
const sentence = ({ decision }: HealDecided) => decision?.sentence
const history = [deployment('b', start - minutes(5)), deployment('a', start - minutes(600), { status: 'REMOVED' })]

describe('the steps', () => {
  test('come one after the other, each with its time; after the last it gives up, once', () => {
    const read = run({ history })
    expect(sentence(read(0))).toBe(
      'api is down. No replica runs. It has been so since 21 Nov 12:00 UTC. Restart api: attempt 1 of 3. If it is not well 2 min after that, redeploy comes next.',
    )
    expect(verdict(read(minutes(1)))).toBeUndefined()
    expect(verdict(read(minutes(2)))).toBe('redeploy')
    expect(verdict(read(minutes(3)))).toBeUndefined()
    const back = read(minutes(4))
    expect(back.decision).toMatchObject({
      act: { command: 'rollback', arguments: { service: 'id-api', deployment: 'a' } },
      sentence: expect.stringContaining(
        'Roll api back from bbbbbbb to aaaaaaa: attempt 3 of 3. If it is not well 2 min after that, people are called.',
      ),
    })
    expect(verdict(read(minutes(5)))).toBeUndefined()
    expect(sentence(read(minutes(6)))).toBe(
      'Healing gives up, and people are called: api is still ill, since 21 Nov 12:00 UTC. api is down. No replica runs. All 3 attempts (restart, redeploy, rollback) are used up.',
    )
    for (const at of [7, 60, 600]) expect(verdict(read(minutes(at)))).toBeUndefined()
  })

  test('are tried as often as they say', () => {
    const read = run({ policy: policyOf({ steps: 'restart x2, redeploy' }) })
    expect([0, 2, 4, 6].map((at) => verdict(read(minutes(at))))).toEqual(['restart', 'restart', 'redeploy', 'gave up'])
  })

  test('begin once it has been so for as long as the condition says, without a gap', () => {
    const condition = { verdict: 'bad', sentence: 'x', forMs: minutes(1), since: undefined } as const
    const read = run({ condition })
    expect(verdict(read(0))).toBeUndefined()
    expect(verdict(read(minutes(5), { gapped: true }))).toBeUndefined()
    expect(verdict(read(minutes(6)))).toBe('restart')
  })

  test('that can never be are left out with the reason; that cannot be now are tried again and count for nothing', () => {
    const answers = [
      { answer: { status: 'refused', sentence: 'api has been locked by Omar: Load test. Nothing was done: ask them.', forNow: true } },
      { answer: { status: 'refused', sentence: 'Nothing of api runs in production, so there is nothing to restart.' } },
      {},
    ] as const
    let asked = 0
    const read = run({}, () => answers[asked++]!)
    expect(verdict(read(0))).toBe('restart')
    expect(sentence(read(minutes(1)))).toBe(
      'Restart could not be begun: api has been locked by Omar: Load test. Nothing was done: ask them. It counts as no attempt, and is tried again in 2 min.',
    )
    expect(verdict(read(minutes(1.5)))).toBeUndefined()
    expect(sentence(read(minutes(2)))).toContain('attempt 1 of 3')
    expect(sentence(read(minutes(2.1)))).toBe(
      'Restart is left out: Nothing of api runs in production, so there is nothing to restart. So redeploy comes next.',
    )
    expect(sentence(read(minutes(2.2)))).toContain('Redeploy api: attempt 2 of 3')
  })
})

test('a command is told with its arguments, secrets masked by their names', () => {
  const policy = policyOf({ steps: 'run agents command agent=kael command="flush, all" token=hush' })
  expect(sentence(decideHealing(sightOf({ policy })))).toContain(
    'Run /agents command agent=kael command="flush, all" token=•••: attempt 1 of 1.',
  )
  expect(describePolicy(policy)).toContain(': /agents command agent=kael command="flush, all" token=•••. Each act')
})

test('where no step could be done, none is said to be used up', () => {
  const read = run({ policy: policyOf({ steps: 'rollback' }), history: [] })
  expect(verdict(read(0))).toBe('left out')
  expect(sentence(read(minutes(0.1)))).toContain('None of its steps (rollback) could be done.')
})

describe('what goes up and down', () => {
  const ill = { condition: { verdict: 'bad', sentence: 'It flaps.', forMs: minutes(1), since: undefined } } as const
  const easing = { condition: { ...ill.condition, verdict: 'between', easing: true } } as const
  test('is ill all the time: one well reading begins nothing anew, and what is due comes at the next one that is not', () => {
    const read = run()
    for (const at of [0, 0.2, 0.4, 0.6]) expect(verdict(read(minutes(at), at === 0.4 ? easing : ill))).toBeUndefined()
    expect(verdict(read(minutes(1), easing))).toBeUndefined()
    expect(verdict(read(minutes(1.1), ill))).toBe('restart')
    expect(verdict(read(minutes(2), easing))).toBeUndefined()
    const waits = read(minutes(3.2), easing)
    expect(sentence(waits)).toBe(
      'It is ill still, but was well when it was read last: nothing is done while it is. Ill once more, redeploy comes next.',
    )
    expect(healingFact(policyOf(), waits.state)).toBe('attempt 1 of 3: restart; waits, as it was well when it was read last')
    expect(verdict(read(minutes(3.3), easing))).toBeUndefined()
    expect(verdict(read(minutes(3.4), ill))).toBe('redeploy')
  })
})

describe('nothing is done', () => {
  const idle = (more: Parameters<typeof sightOf>[0]) => {
    const made = decideHealing(sightOf(more))
    expect(made.decision?.act).toBeUndefined()
    return made
  }
  test.each(['well', 'between', 'unread'] as const)('where it reads %s', (read) => expect(verdict(idle({ verdict: read }))).toBeUndefined())
  test.each(['deploying', 'unknown'] as const)('while it is %s', (condition) => {
    expect(verdict(idle({ service: service('api', { condition }) }))).toBeUndefined()
  })
  test('while a deployment rolls out, which is said once', () => {
    const latest = deployment('c', start, { status: 'BUILDING' })
    const first = idle({ service: service('api', { condition: 'down', latest }) })
    expect(sentence(first)).toBe('A deployment of it rolls out: healing waits for what becomes of it.')
    const again = idle({ state: first.state, now: start + 5_000, service: service('api', { condition: 'down', latest }) })
    expect(verdict(again)).toBeUndefined()
    // What became of it gets its time.
    expect(idle({ state: again.state, now: start + minutes(2) }).state.episode?.acts).toBe(0)
    expect(verdict(decideHealing(sightOf({ state: again.state, now: start + minutes(2) + 5_000 })))).toBe('restart')
  })
  test('while somebody changes the service, which is said once and counts for nothing', () => {
    const open = [
      { id: 'o1', kind: 'deploy', service: 'api', environment: 'production', status: 'running', by: 'Omar', since: new Date() },
    ] as const
    const first = idle({ open })
    expect(sentence(first)).toBe('Healing waits: a deploy of api by Omar is under way. It counts as no attempt.')
    expect(verdict(idle({ open, state: first.state, now: start + minutes(9) }))).toBeUndefined()
    expect(sentence(idle({ open: [{ ...open[0], status: 'unknown' }] }))).toBe(
      'Healing waits: how the deploy of api by Omar ended is not known, and an admin has to say.',
    )
  })
  test('while its own act is under way, or nobody knows yet whether it was begun, of whatever version', () => {
    for (const given of [{ answer: undefined, outcome: undefined }, { outcome: 'running' }, { outcome: 'queued' }] as const)
      expect(verdict(idle({ past: [decided(start - minutes(60), given)] }))).toBeUndefined()
  })
  test('before an act of an earlier version had its time', () => {
    expect(verdict(idle({ past: [decided(start - minutes(1))] }))).toBeUndefined()
    expect(verdict(decideHealing(sightOf({ past: [decided(start - minutes(2))] })))).toBe('restart')
  })
  test('where everything is stopped, which is said once for each stop', () => {
    const stop = { reason: 'Migration.', byName: 'Ada', since: new Date(start) }
    const first = idle({ stop })
    expect(sentence(first)).toBe('Healing is stopped on this server by Ada (“Migration.”), so nothing is done by itself.')
    expect(verdict(idle({ stop, state: first.state, now: start + minutes(5) }))).toBeUndefined()
    const later = { ...stop, since: new Date(start + minutes(6)) }
    expect(verdict(idle({ stop: later, state: first.state, now: start + minutes(7) }))).toBe('waits')
    expect(verdict(decideHealing(sightOf({ state: first.state, now: start + minutes(8) })))).toBe('restart')
  })
  test('beyond so many acts an hour, which is said with when it goes on', () => {
    const policy = policyOf({ perHour: 2 })
    const past = [decided(start - minutes(10)), decided(start - minutes(50)), decided(start - minutes(70))]
    const first = idle({ policy, past })
    expect(verdict(first)).toBe('waits, calls people')
    expect(sentence(first)).toBe(
      'The policy may do 2 acts an hour, and did: restart comes at 21 Nov 12:10 UTC at the earliest. Until then nothing is done, so people are called: api is still ill, since 21 Nov 12:00 UTC.',
    )
    expect(verdict(idle({ policy, past, state: first.state, now: start + minutes(1) }))).toBeUndefined()
    const short = idle({ policy, past, now: start + minutes(6) })
    expect([verdict(short), sentence(short)]).toEqual([
      'waits',
      'The policy may do 2 acts an hour, and did: restart comes at 21 Nov 12:10 UTC at the earliest.',
    ])
    const simulated = [...past].map((each) => ({ ...each, mode: 'simulate' as const }))
    expect(verdict(idle({ policy: policyOf({ perHour: 2 }, 'simulate'), past: simulated }))).toBe('waits')
    // Set to fewer meanwhile: it is not the oldest act that counts.
    expect(sentence(idle({ policy: policyOf({ perHour: 1 }), past }))).toContain('comes at 21 Nov 12:50 UTC')
    expect(verdict(decideHealing(sightOf({ policy, past, state: first.state, now: start + minutes(10) })))).toBe('restart')
  })
})

describe('scaling', () => {
  const policy = (dollars?: number) => policyOf({ steps: 'scale +2 max 4, restart', ...(dollars !== undefined && { dollars }) })
  const ill = (given: Parameters<typeof service>[1]) =>
    service('api', { condition: 'degraded', replicas: { running: 2, wanted: 3 }, ...given })
  const use = { cpu: { used: 0.5, limit: 8 }, memory: { used: 1, limit: 8 } }
  test('goes up to what the policy allows, and says what it adds', () => {
    expect(decideHealing(sightOf({ policy: policy(), service: ill(use) })).decision?.act).toEqual({
      command: 'scale',
      arguments: { service: 'id-api', replicas: 4 },
      dollarsPerMonth: 10,
    })
    const full = ill({ replicas: { running: 4, wanted: 4 } })
    expect(sentence(decideHealing(sightOf({ policy: policy(), service: full })))).toContain(
      'api is set to 4 replicas, and the policy allows 4',
    )
  })
  test('is held back by money, and by not knowing what it costs', () => {
    expect(sentence(decideHealing(sightOf({ policy: policy(39), service: ill(use) })))).toBe(
      'Scale by 2 up to 4 replicas is left out: 4 replicas of api would cost $40 a month, and the policy may spend $39. So restart comes next.',
    )
    expect(verdict(decideHealing(sightOf({ policy: policy(40), service: ill(use) })))).toBe('scale')
    expect(sentence(decideHealing(sightOf({ policy: policy(40), service: ill({}) })))).toContain('what a replica of api costs is not known')
    expect(verdict(decideHealing(sightOf({ policy: policy(), service: ill({}) })))).toBe('scale')
  })
})

describe('when it is well again', () => {
  test('that is said; what falls ill before it settled goes on where it was, and after that begins anew', () => {
    const read = run()
    read(0)
    read(minutes(1), { verdict: 'well' })
    expect(sentence(read(minutes(1.1), { verdict: 'well' }))).toBe(
      'api is well again after 1 act of healing. api is healthy. If it falls ill again within 10 min, redeploy comes next.',
    )
    expect(verdict(read(minutes(5)))).toBe('redeploy')
    read(minutes(6), { verdict: 'well' })
    read(minutes(6.1), { verdict: 'well' })
    expect(read(minutes(16.2), { verdict: 'well' }).state).toEqual({})
    expect(verdict(read(minutes(17)))).toBe('restart')
  })
  test('settles only once it was well without a break', () => {
    const read = run({ policy: policyOf({ settle: '1m' }) })
    const ill = { condition: { verdict: 'bad', sentence: 'x', forMs: 30_000, since: undefined } } as const
    const well = { condition: { verdict: 'well', sentence: 'y', forMs: 30_000, since: undefined } } as const
    read(0, ill)
    expect(verdict(read(minutes(0.5), ill))).toBe('restart')
    read(minutes(1), well)
    expect(sentence(read(minutes(1.1), well))).toContain('If it falls ill again within 10 min, redeploy comes next.')
    const again = read(minutes(2), ill)
    expect(healingFact(policyOf(), again.state)).toBe('attempt 1 of 3: restart; ill again since 21 Nov 12:02 UTC: redeploy comes next')
    expect(again.state.episode?.wellSince).toBeUndefined()
    expect(healingFact(policyOf(), read(minutes(2.2), well).state)).toContain('well again at 21 Nov 12:02 UTC')
    read(minutes(12.1), well)
    read(minutes(12.15), ill)
    expect(verdict(read(minutes(12.65), ill))).toBe('redeploy')
    read(minutes(13), well)
    read(minutes(13.1), well)
    read(minutes(20), { condition: { verdict: 'between', sentence: 'z', forMs: 30_000, since: undefined } })
    expect(read(minutes(29), well).state.episode).toBeDefined()
    expect(read(minutes(30), well).state).toEqual({})
  })
  test('by itself, before anything was done, nothing is said', () => {
    const read = run({
      open: [{ id: 'o', kind: 'deploy', service: 'api', environment: 'e', status: 'running', by: 'Omar', since: new Date() }],
    })
    read(0)
    read(minutes(1), { verdict: 'well' })
    expect(read(minutes(2), { verdict: 'well' })).toEqual({ state: {} })
  })
  test('after it gave up, it begins anew; ill again before that, people are called again', () => {
    const read = run({ policy: policyOf({ steps: 'restart' }) })
    expect([0, 2].map((at) => verdict(read(minutes(at))))).toEqual(['restart', 'gave up'])
    read(minutes(3), { verdict: 'well' })
    expect(sentence(read(minutes(4), { verdict: 'well' }))).toContain('Once it has been well for 10 min, the policy begins anew.')
    expect(sentence(read(minutes(6)))).toContain('Within 10 min after it was well it is ill again, and all attempts are used up.')
    expect(verdict(read(minutes(7)))).toBeUndefined()
  })
  test('what is removed while it is ill is over', () => {
    const read = run()
    read(0)
    expect(verdict(read(minutes(1), { service: undefined }))).toBe('gone')
    expect(read(minutes(2), { service: undefined })).toEqual({ state: {} })
  })
})

test('a simulation goes all the way, says that it is one, and would give up', () => {
  const read = run({ policy: policyOf({ steps: 'restart, redeploy' }, 'simulate') })
  expect(sentence(read(0))).toContain('Only simulated, and not done: Restart api (attempt 1 of 2).')
  expect([2, 4].map((at) => verdict(read(minutes(at))))).toEqual(['redeploy', 'would give up'])
})
