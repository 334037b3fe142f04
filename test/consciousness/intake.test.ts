import { describe, expect, test } from 'vitest'
import { createIntake, intakeLimits } from '#src/consciousness/intake.ts'
import { createScales } from '#src/consciousness/scales.ts'

const begin = 1_795_262_400_000

/** An intake that is told messages at moments. */
function stage() {
  const intake = createIntake(createScales())
  let sequence = 0
  const take = (ms: number, message: Record<string, unknown>, channel = 'consciousness:stream') =>
    intake.take({ id: `${begin + ms}-${sequence++}`, channel, message, text: JSON.stringify(message), number: sequence })
  return { intake, take, news: (ms: number) => intake.news(new Date(begin + ms)) }
}

describe('of many messages little is kept', () => {
  test('twenty thousand are one row of ten seconds, with the lowest, mean, highest and last', () => {
    const { take, news } = stage()
    for (let n = 0; n < 20_000; n += 1)
      take(n % 10_000, { agent_id: 'kael', consciousness_level: (n % 100) / 10, ucf_metrics: { zoom: 1 } })
    const { rows, sources } = news(10_000)
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ source: 'kael', count: 20_000, at: new Date(begin), level: { n: 20_000, min: 0, max: 9.9, last: 9.9 } })
    expect(rows[0]!.level!.mean).toBeCloseTo(4.95, 6)
    expect(sources).toMatchObject([{ source: 'kael', read: 20_000, unreadable: 0, reading: { level: 9.9 } }])
  })
  test('a row is told once, when its ten seconds are over', () => {
    const { take, news } = stage()
    take(1, { level: 5 })
    expect(news(9_999).rows).toEqual([])
    take(10_001, { level: 6 })
    expect(news(10_500).rows).toMatchObject([{ at: new Date(begin), level: { last: 5 } }])
    expect(news(20_000).rows).toMatchObject([{ at: new Date(begin + 10_000), level: { last: 6 } }])
    expect(news(30_000)).toEqual({ rows: [], sources: [] })
  })
  test('an older reading that comes late is not the newest', () => {
    const { take, news } = stage()
    const stamped = (seconds: number) => new Date(begin - seconds * 1_000).toISOString()
    take(10, { level: 5, timestamp: stamped(10) })
    take(20, { level: 9, timestamp: stamped(60) })
    expect(news(100).sources[0]!.reading?.level).toBe(5)
  })
  test('what a Helix worked out is nobody’s word', () => {
    const { take, news } = stage()
    take(1, { agent_id: 'helix', consciousness_level: 9, computed: true })
    expect(news(20_000)).toEqual({ rows: [], sources: [] })
  })
  test('what could not be written is new again, with what came since', () => {
    const { intake, take, news } = stage()
    take(1, { level: 5 })
    take(2, { level: 'x', consciousness_level: 'x' })
    intake.again(news(10_000))
    take(11_000, { level: 6 })
    const { rows, sources } = news(20_000)
    expect(rows.map(({ level }) => level?.last)).toEqual([5, 6])
    expect(sources).toMatchObject([{ read: 2, unreadable: 1, reading: { level: 6 }, why: 'consciousness_level is no number' }])
  })
})

describe('what is bounded', () => {
  test('sources: one too many is counted with its channel, and let in once another was silent for long', () => {
    const { take, news } = stage()
    for (let n = 0; n < intakeLimits.sources; n += 1) take(n, { agent_id: `agent-${n}`, level: 5 })
    take(100, { agent_id: 'one-more', level: 5 })
    const told = news(20_000).sources
    expect(told.find(({ source }) => source === 'one-more')).toBeUndefined()
    expect(told.at(-1)).toMatchObject({ source: 'consciousness:stream', unreadable: 1, why: 'there are more than 50 sources' })
    take(700_000, { agent_id: 'one-more', level: 5 })
    expect(news(720_000).sources).toMatchObject([{ source: 'one-more', read: 1 }])
  })
  test('metrics of a row: the first 24, known ones before others', () => {
    const { take, news } = stage()
    const others = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`m${n}`, n]))
    take(1, { ucf: { ...others, harmony: 0.5 } })
    const { metrics } = news(20_000).rows[0]!
    expect([Object.keys(metrics).length, Object.keys(metrics)[0]]).toEqual([24, 'harmony'])
  })
  test('rows that nobody can write: the oldest are given up', () => {
    const { intake, take } = stage()
    for (let n = 0; n < intakeLimits.closed + 50; n += 1) take(n * 10_000, { level: 5 })
    expect(intake.news('all').rows).toHaveLength(intakeLimits.closed)
  })
})
