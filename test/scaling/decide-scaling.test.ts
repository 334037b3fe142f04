import { describe, expect, test } from 'vitest'
import type { PastDecision } from '#src/policies/decision.ts'
import { decide, type Given, service } from './decided.ts'
import { at } from './rules-of.ts'

/** The number of replicas that it asks for; else what it says. */
function outcome(given: Given): unknown {
  const { decision, state } = decide(given)
  return decision?.act ? decision.act.arguments.replicas : state.told.sentence
}

function act(ms: number, given: Partial<PastDecision> = {}): PastDecision {
  return {
    ...{ id: 'x', policy: 'p', kind: 'scale', name: 'api', service, mode: 'act', verdict: 'scale up', sentence: 'Scale it.', facts: [] },
    ...{ at: new Date(at.getTime() - ms), act: { command: 'scale', arguments: { service: 's', replicas: 2 } } },
    ...{ answer: { status: 'started', sentence: 'Begun.', operation: 'o' }, outcome: 'succeeded' },
    ...given,
  }
}

describe('how many replicas a load takes', () => {
  test.each<[string, Given, unknown]>([
    ['as Kubernetes counts: current × value ÷ target, rounded up', { load: { cpu: 1.9 } }, 3],
    [
      'exactly the target is enough',
      { load: { replicas: 3, cpu: 0.7 * 3 } },
      '3 replicas are right: CPU is at 70 % (target 70 %), which takes 3.',
    ],
    [
      'so near the target nothing is done',
      { load: { cpu: 1.4 * 1.09 } },
      '2 replicas are right: CPU is at 76.3 % (target 70 %), which takes 2.',
    ],
    ['beyond the tolerance one is added', { load: { cpu: 1.4 * 1.11 } }, 3],
    ['fewer where fewer do', { load: { replicas: 8, cpu: 0.6 } }, 1],
    ['of several targets the largest counts', { rules: { targets: { cpu: '70%', memory: '10%' } }, load: { cpu: 0.1 } }, 4],
    ['an amount of CPU for each', { rules: { targets: { cpu: 0.2 } }, load: { cpu: 0.9 } }, 5],
    ['requests a second', { rules: { targets: { requestRate: 10 } }, load: { requestsPerSecond: 41 } }, 5],
    ['messages that wait', { rules: { targets: { queue: { key: 'q', each: 100 } } }, load: { queue: 950 } }, 6],
    [
      'a longer step where it may',
      { rules: { targets: { queue: { key: 'q', each: 100 } }, up: { for: '0s', step: 20 } }, load: { queue: 950 } },
      10,
    ],
    ['too slow an answer', { rules: { targets: { latency: '500ms' } }, load: { p95Ms: 800, requestsPerSecond: 5 } }, 4],
    [
      'fast, but not well below: as it is',
      { rules: { targets: { latency: '500ms' } }, load: { p95Ms: 300, requestsPerSecond: 5, cpu: 0.1 } },
      '2 replicas are right: p95 is at 300 ms (target 500 ms), which takes 2.',
    ],
    [
      'well below, and CPU is low: one less',
      { rules: { targets: { latency: '500ms' } }, load: { p95Ms: 200, requestsPerSecond: 5, cpu: 0.4 } },
      1,
    ],
    [
      'well below, but CPU is not low',
      { rules: { targets: { latency: '500ms' } }, load: { p95Ms: 200, requestsPerSecond: 5, cpu: 0.6 } },
      '2 replicas are right: p95 is at 200 ms (target 500 ms), which takes 2.',
    ],
    ['nobody asks: nobody waits', { rules: { targets: { latency: '500ms' } }, load: { requestsPerSecond: 0, cpu: 0.1 } }, 1],
  ])('%s', (_, given, expected) => expect(outcome(given)).toBe(expected))
})

describe('what is not known', () => {
  test('never takes a replica away', () => {
    const { decision, state } = decide({ rules: { targets: { cpu: '70%', requestRate: 5 } }, load: { cpu: 0.1 } })
    expect(decision).toMatchObject({ verdict: 'held' })
    expect(decision?.act).toBeUndefined()
    expect(state.told.sentence).toBe(
      '2 replicas, and none is taken away while a figure is not known: Request rate is unknown: Railway counts none (it has no public address, or none was asked).',
    )
  })

  test('does not keep one from being added for what is known', () => {
    expect(outcome({ rules: { targets: { cpu: '70%', requestRate: 5 } }, load: { cpu: 1.9 } })).toBe(3)
  })

  test('a queue that cannot be read says why', () => {
    const { state } = decide({
      rules: { targets: { queue: { key: 'q', each: 5 } } },
      moment: { unread: 'q is a hash, neither a list nor a stream' },
    })
    expect(state.told.figures[0]?.value).toBe('unknown: q is a hash, neither a list nor a stream')
  })

  test('is told as a decision once, and again after an hour only', () => {
    const given = { rules: { targets: { cpu: '70%' as const, requestRate: 5 } }, load: { cpu: 0.1 } }
    const first = decide(given)
    const soon = decide({ ...given, load: { cpu: 0.1, at: new Date(at.getTime() + 60_000) }, round: { state: first.state } })
    const late = decide({ ...given, load: { cpu: 0.1, at: new Date(at.getTime() + 3_600_000) }, round: { state: soon.state } })
    expect([first, soon, late].map(({ decision }) => decision?.verdict)).toEqual(['held', undefined, 'held'])
  })
})

describe('what keeps it from acting', () => {
  const busy = { load: { cpu: 1.9 } }
  const idle = { load: { replicas: 4, cpu: 0.7 } }
  test.each<[string, Given, unknown]>([
    [
      'its most',
      { ...busy, rules: { max: 2 } },
      '2 replicas, the most there may be, and more are needed: CPU is at 95 % (target 70 %), which takes 3.',
    ],
    ['its least', { ...idle, rules: { min: 2 } }, 2],
    ['a step', { rules: { up: { for: '0s', step: 1 } }, load: { cpu: 9, cpuLimit: 10 } }, 3],
    ['a deployment', { ...busy, moment: { unfit: 'It waits: the service is deploying.' } }, 'It waits: the service is deploying.'],
    [
      'an operation of somebody',
      { ...busy, moment: { busy: 'an operation of Ada (deploy) is under way' } },
      'It waits: an operation of Ada (deploy) is under way.',
    ],
    ['what it began itself', { ...busy, round: { past: [act(5_000, { outcome: 'running' })] } }, 'It waits for what it began: Scale it.'],
    [
      'the stop of the server',
      { ...busy, round: { stop: { reason: 'drill', byName: 'Ada', since: at } } },
      'It would scale from 2 to 3 (CPU is at 95 % (target 70 %), which takes 3), but healing and scaling are stopped (Ada: drill).',
    ],
    [
      'its rest after adding',
      { ...busy, rules: { up: { for: '0s', cooldown: '2m' } }, round: { past: [act(30_000)] } },
      'CPU is at 95 % (target 70 %), which takes 3: more than one may be needed, and it may act again in 1 min 30 s.',
    ],
    [
      'its rest before taking away, whatever the act was',
      { ...idle, rules: { down: { for: '0s', cooldown: '5m' } }, round: { past: [act(30_000)] } },
      'CPU is at 17.5 % (target 70 %), which takes 1: fewer would do, and it may act again in 4 min 30 s.',
    ],
    [
      'its acts an hour',
      { ...busy, rules: { perHour: 2 }, round: { past: [act(600_000), act(1_200_000)] } },
      'It would scale from 2 to 3 (CPU is at 95 % (target 70 %), which takes 3), but it has acted 2 times in the last hour.',
    ],
    [
      'money',
      { ...busy, rules: { dollars: 50 } },
      'It would scale from 2 to 3 (CPU is at 95 % (target 70 %), which takes 3), but that would cost $63 a month, and $50 are allowed.',
    ],
    [
      'a volume',
      { load: { replicas: 1, cpu: 0.95 }, moment: { most: { replicas: 1, why: 'it has a volume' } } },
      'It would scale from 1 to 2 (CPU is at 95 % (target 70 %), which takes 2), but it has a volume.',
    ],
    ['the plan, up to what that allows', { load: { cpu: 5, cpuLimit: 5 }, moment: { most: { replicas: 3, why: 'the plan allows 3' } } }, 3],
    ['replicas that do not run', { ...idle, moment: { set: 5 } }, '4 of 5 replicas run, and none is taken away until all do.'],
    [
      'a refusal of just before',
      { ...busy, round: { past: [act(30_000, { answer: { status: 'refused', sentence: 'It cannot be.' }, outcome: undefined })] } },
      'It could not be done: It cannot be. It is tried again in 30 s.',
    ],
    [
      'three refusals in a row, for longer',
      {
        ...busy,
        round: { past: [1, 2, 3].map((minutes) => act(minutes * 60_000, { answer: { status: 'refused', sentence: 'It cannot be.' } })) },
      },
      'It could not be done (3 times in a row): It cannot be. It is tried again in 59 min.',
    ],
    [
      'a refusal for now alone does not count up',
      {
        ...busy,
        round: {
          past: [1, 2, 3].map((minutes) => act(minutes * 60_000, { answer: { status: 'refused', sentence: 'Busy.', forNow: true } })),
        },
      },
      3,
    ],
  ])('%s', (_, given, expected) => expect(outcome(given)).toBe(expected))
})

describe('consciousness below what the policy names', () => {
  const low = { level: 4.5 }
  test.each<[string, Given, unknown]>([
    [
      'hold: nothing is done',
      { rules: { consciousness: 'below 5 hold' }, load: { ...low, cpu: 1.9 } },
      expect.stringContaining('the level is at 4.5: below 5 nothing is done'),
    ],
    [
      'keep: nothing is taken away',
      { rules: { consciousness: 'below 5 keep' }, load: { ...low, cpu: 0.1 } },
      expect.stringContaining('no replica is taken away'),
    ],
    ['keep: replicas are added', { rules: { consciousness: 'below 5 keep' }, load: { ...low, cpu: 1.9 } }, 3],
    ['more: a share more than is needed', { rules: { consciousness: 'below 5 more 50%' }, load: { ...low, cpu: 1.9 } }, 5],
    [
      'more: what is there already is enough',
      { rules: { consciousness: 'below 5 more 50%' }, load: { ...low, replicas: 5, cpu: 1.9 } },
      expect.stringContaining('5 replicas are right'),
    ],
    ['at that level it has no say', { rules: { consciousness: 'below 5 hold' }, load: { level: 5, cpu: 1.9 } }, 3],
    ['nor where there is no reading', { rules: { consciousness: 'below 5 hold' }, load: { cpu: 1.9 } }, 3],
  ])('%s', (_, given, expected) => expect(outcome(given)).toEqual(expected))
})

describe('bounds', () => {
  test('fewer than its least are added at once, whatever the load and its rest', () => {
    const given = {
      rules: { min: 4, up: { for: '5m' as const, cooldown: '1h' as const, step: 1 } },
      load: { cpu: 0.1 },
      round: { past: [act(1_000)] },
    }
    expect(decide(given).decision).toMatchObject({
      sentence: 'Scale api from 2 to 4 replicas: the policy asks for at least 4.',
      act: { arguments: { service: 's', replicas: 4 } },
    })
  })

  test('a schedule counts at its time, and is named', () => {
    const schedules = 'sat 08:00-20:00 min 3 max 5'
    expect(decide({ rules: { schedules }, load: { cpu: 0.1 } }).decision?.sentence).toBe(
      'Scale api from 2 to 3 replicas: its schedule (sat 08:00-20:00 min 3 max 5) asks for at least 3.',
    )
  })
})
