import { expect, test } from 'vitest'
import { type Heard, hitsKey } from '#src/alerts/heard.ts'
import { evaluatePlace, type Seen } from '#src/alerts/place-rules.ts'
import { alertRule, isHeard, isOfServices } from '#src/alerts/rule.ts'
import { type Standing, unreadMs } from '#src/alerts/standing.ts'

const minute = 60_000
const start = Date.UTC(2026, 10, 21, 12)

/** Looks at one place, one after the other, under one rule. */
function story(written: Readonly<Record<string, unknown>>) {
  const rule = alertRule.parse({ name: 'one', ...written })
  if (isOfServices(rule)) throw new Error('a rule that is not of services is wanted')
  let before: readonly Standing[] = []
  return (
    minutes: number,
    seen: { readonly reading?: Seen['reading']; readonly hits?: readonly number[]; readonly blind?: Seen['blind'] },
  ) => {
    const now = start + minutes * minute
    const hits = seen.hits?.map((each) => start + each * minute)
    const heard: Heard | undefined = hits && isHeard(rule) ? { at: now, positions: {}, hits: { [hitsKey(rule)]: hits } } : undefined
    const given = {
      environment: 'production',
      now,
      reading: seen.reading,
      heard,
      blind: seen.blind ?? new Map(),
      services: [],
      readings: {},
    }
    const after = evaluatePlace([rule], given, { before, rules: new Set(['one']), gapped: false })
    // As it is kept once incidents were told.
    before = after.filter(({ phase }) => phase !== 'over').map(({ untold: _, ...each }) => each)
    return after.map(({ phase, untold, end, trouble }) =>
      untold ? `${phase}: ${phase === 'over' ? end : `${trouble?.title}. ${trouble?.sentence}`}` : phase,
    )
  }
}

const reading = (level: number | undefined, metrics: Readonly<Record<string, number>> = {}, computed = false): Seen['reading'] => ({
  ...{ source: 'kael', channel: 'ucf-metrics', level, metrics, scale: undefined },
  ...{ at: new Date(start), clockOffMs: undefined, computed },
})

test('the level, or a metric, of a fresh reading', () => {
  const look = story({ kind: 'consciousness', below: 6, recover: 7, for: '1m' })
  expect(look(0, { reading: reading(5) })).toEqual(['pending'])
  expect(look(1, { reading: reading(4.5) })).toEqual([
    'firing: The level of consciousness is below 6. The level of consciousness is 4.5 now, as kael says.',
  ])
  expect(look(2, { reading: reading(6.5) })).toEqual(['firing'])
  expect(look(3, {})).toEqual(['firing'])
  expect(look(3 + unreadMs / minute, {})).toEqual(['over: There is no fresh reading of level.'])
  const harmony = story({ kind: 'consciousness', metric: 'harmony', below: 6, for: '0s' })
  expect(harmony(0, { reading: reading(5) })).toEqual([])
  expect(harmony(1, { reading: reading(undefined, { harmony: 2 }, true) })).toEqual([
    'firing: Harmony is below 6. Harmony is 2 now, as Helix works it out.',
  ])
})

test('so many messages of a stream in a time', () => {
  const look = story({ kind: 'stream', channel: 'zapier_events', count: 3, within: '10m' })
  expect(look(8, { hits: [0, 5] })).toEqual([])
  expect(look(9, { hits: [0, 5, 9] })).toEqual(['firing: one: 3 messages on zapier_events in 10 min. 3 such messages came in 10 min.'])
  expect(look(12, {})).toEqual(['firing'])
  expect(look(13, { hits: [0, 5, 9] })).toEqual(['firing'])
  expect(look(14, { hits: [0, 5, 9] })).toEqual(['over: 2 such messages came in 10 min.'])
})

test('silence, and that it ends; what cannot be read is no silence', () => {
  const look = story({ kind: 'heartbeat', channel: 'agent_events', every: '10m' })
  expect(look(10, { hits: [0] })).toEqual([])
  expect(look(30, {})).toEqual([])
  expect(look(31, { hits: [0] })).toEqual(['firing: one is silent. No such message came on agent_events for 10 min.'])
  look(32, { hits: [31] })
  expect(look(33, { hits: [31] })).toEqual(['over: A message came, or it began to be waited for, 2 min ago.'])
})

test('each blind spot of Helix by itself', () => {
  const look = story({ kind: 'helix', for: '0s', what: ['redis', 'posts'] })
  const blind = (...what: readonly ('redis' | 'posts' | 'budget')[]) => ({
    blind: new Map(what.map((each) => [each, 'So it is.'] as const)),
  })
  expect(look(0, blind('budget'))).toEqual([])
  expect(look(1, blind('redis'))).toEqual(['firing: Helix cannot reach Redis. So it is.'])
  expect(look(2, blind('redis', 'posts'))).toHaveLength(2)
})
