import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConsciousnessReading } from '#src/consciousness/consciousness.ts'
import { listenedChannels } from '#src/consciousness/listened.ts'
import { readMessage } from '#src/consciousness/read-message.ts'
import { createScales } from '#src/consciousness/scales.ts'
import { fractions } from '#src/consciousness/ucf.ts'
import '#test/support/property-seed.ts'

const arrived = new Date('2026-11-21T12:00:00.000Z')

function read(message: unknown, channel = 'consciousness:stream', scales = createScales()) {
  const text = JSON.stringify(message)
  return readMessage({ id: `${arrived.getTime()}-0`, channel, message: message as Record<string, unknown>, text }, scales)
}

function readingOf(message: unknown, channel?: string, scales?: ReturnType<typeof createScales>): ConsciousnessReading {
  const found = read(message, channel, scales)
  if (found.kind !== 'reading') throw new Error(`${found.kind}: ${JSON.stringify(found)}`)
  return found.reading
}

describe('every shape that is seen in the wild is read', () => {
  test.each([
    [
      'an agent’s',
      'consciousness_stream',
      {
        agent_id: 'kael',
        consciousness_level: 7.5,
        ucf_metrics: { harmony: 0.72, klesha: 0.1, zoom: 1.02 },
        timestamp: '2026-11-21T11:59:50Z',
      },
      { source: 'kael', level: 7.5, metrics: { harmony: 7.2, klesha: 1, zoom: 1.02 }, scale: '0-1', at: new Date('2026-11-21T11:59:50Z') },
    ],
    [
      'the coordinator’s, whose metrics nobody knows',
      'consciousness-stream',
      { type: 'consciousness_update', ucf_metrics: { coherence: 0.9, sattva: 0.8 }, consciousness_level: 8, timestamp: 1795262390000 },
      { source: 'consciousness-stream', level: 8, metrics: { coherence: 0.9, sattva: 0.8 }, scale: undefined, at: new Date(1795262390000) },
    ],
    [
      'the manager’s, on 0–10',
      'consciousness:stream',
      { level: 6.4, ucf: { harmony: 7.2, resilience: 8.1, prana: 6.8, klesha: 3.2 } },
      {
        source: 'consciousness:stream',
        level: 6.4,
        metrics: { harmony: 7.2, resilience: 8.1, prana: 6.8, klesha: 3.2 },
        scale: '0-10',
        at: arrived,
      },
    ],
    [
      'bare metrics on 0–1',
      'ucf-metrics',
      { zoom: 1.02, harmony: 0.57, resilience: 1.1, wonder: 0.3 },
      {
        source: 'ucf-metrics',
        level: undefined,
        metrics: { zoom: 1.02, harmony: 5.7, resilience: 1.1, wonder: 0.3 },
        scale: '0-1',
        at: arrived,
      },
    ],
    [
      'a service’s that cannot be healed',
      'collective-intelligence',
      { service: 'voice', error: 'gone', consciousness_level: 4.2, timestamp: '2026-11-21T11:59:50.123456' },
      { source: 'collective-intelligence', level: 4.2, metrics: {}, scale: undefined, at: new Date('2026-11-21T11:59:50.123Z') },
    ],
    [
      'one that leaves out what it could say with null',
      'consciousness:stream',
      { agent_id: null, consciousness_level: 5, ucf_metrics: null, timestamp: null },
      { source: 'consciousness:stream', level: 5, metrics: {}, scale: undefined, at: arrived },
    ],
  ])('%s', (_name, channel, message, reading) => {
    expect(readingOf(message, channel)).toMatchObject({ channel, clockOffMs: undefined, computed: false, ...reading })
  })
})

describe('the scale', () => {
  /** Harmony of each message, as it is read; why it is not where it cannot be. */
  const harmonies = (scales: ReturnType<typeof createScales>, messages: readonly object[], channel = 'consciousness_stream') =>
    messages.map((message) => {
      const found = read(message, channel, scales)
      return found.kind === 'reading' ? found.reading.metrics.harmony : found.kind
    })
  const lum = (ucf_metrics: object, consciousness_level = 7.4) => ({ agent_id: 'lum', consciousness_level, ucf_metrics })
  const usual = lum({ harmony: 0.72, prana: 0.6 })

  test('of a source on 0–1 is not changed by a fraction that is a little over 1: it is all of it', () => {
    const scales = createScales()
    expect(harmonies(scales, [usual, lum({ harmony: 0.72, prana: 1.02 }), usual])).toEqual([7.2, 7.2, 7.2])
    expect(readingOf(lum({ harmony: 1.02 }), 'consciousness_stream', scales).metrics.harmony).toBe(10)
  })
  test('is told apart for publishers that share a channel without a name, by the shape of their messages', () => {
    const manager = { level: 6.4, ucf: { harmony: 7.2, resilience: 8.1, prana: 0.8 } }
    const bare = { zoom: 1.02, harmony: 0.57 }
    expect(harmonies(createScales(), [manager, bare, manager, bare, bare, manager])).toEqual([7.2, 5.7, 7.2, 5.7, 5.7, 7.2])
  })
  test('changes once several messages in a row clearly say the other, is told, and back again', () => {
    const told: string[] = []
    const scales = createScales((source, scale) => told.push(`${source}: ${scale}`))
    const large = lum({ harmony: 7.2, prana: 0.9 })
    expect(harmonies(scales, [usual, large, large, usual, large, large, large, large])).toEqual([
      ...[7.2, 'unreadable', 'unreadable', 7.2],
      ...['unreadable', 'unreadable', 7.2, 7.2],
    ])
    expect(told).toEqual(['consciousness_stream lum: 0-10'])
    const back = harmonies(
      scales,
      Array.from({ length: 11 }, () => usual),
    )
    expect([back[0], back.at(-1)]).toEqual([0.72, 7.2])
    expect(told).toEqual(['consciousness_stream lum: 0-10', 'consciousness_stream lum: 0-1'])
  })
  test('of a source on 0–10 stays while it is in trouble: its level says that its values are small', () => {
    const scales = createScales()
    const ill = Array.from({ length: 40 }, () => lum({ harmony: 0.5, prana: 0.9 }, 0.8))
    expect(new Set(harmonies(scales, [lum({ harmony: 7 }), ...ill]).slice(1))).toEqual(new Set([0.5]))
  })
  test('of a message that can be of no other is taken for it alone', () => {
    const scales = createScales()
    expect(harmonies(scales, [usual, lum({ harmony: 7.2, prana: 6 }), usual])).toEqual([7.2, 7.2, 7.2])
  })
  test('is known again after a restart, and when it changed', () => {
    const scales = createScales()
    const large = lum({ harmony: 7.2, prana: 0.9 })
    harmonies(scales, [usual, large, large, large])
    const { scales: known } = readingOf(large, 'consciousness_stream', scales)
    expect(known).toEqual({ ucf_metrics: { scale: '0-10', changedAt: arrived.getTime() } })
    const again = createScales()
    again.know('consciousness_stream lum', JSON.parse(JSON.stringify(known)))
    expect(harmonies(again, [lum({ harmony: 1.2 })])).toEqual([1.2])
  })
})

describe('what is no reading', () => {
  test.each([
    [{ event: 'agent_created', agent_id: 'kael' }, 'agent_events'],
    [{ type: 'health_update', services: { api: { status: 'healthy' } } }, 'health-status'],
    [{ level: 'info', msg: 'hello' }, 'voice_events'],
  ])('is something else: %j on %s', (message, channel) => expect(read(message, channel)).toEqual({ kind: 'other' }))

  test.each([
    [{ hello: 'world' }, 'it has neither a level nor metrics'],
    [{ consciousness_level: 11 }, 'consciousness_level is out of range'],
    [{ level: -1 }, 'level is out of range'],
    [{ consciousness_level: '7.5' }, 'consciousness_level is no number'],
    [{ level: 5, ucf: { harmony: 'high' } }, 'ucf.harmony is no number'],
    [{ level: 5, ucf: { harmony: 72 } }, 'ucf.harmony is out of range'],
    [{ level: 5, ucf_metrics: [1, 2] }, 'ucf_metrics is no object'],
    [{ level: 5, ucf_metrics: '' }, 'ucf_metrics is no object'],
    [{ ucf_metrics: { mood: 'calm' } }, 'none of its metrics is a number'],
    [{ level: 5, ucf: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`m${n}`, n])) }, 'it has more than 100 metrics'],
    [{ level: 5, note: 'x'.repeat(70_000) }, 'it is too large'],
  ])('or cannot be read, and why: %#', (message, why) => {
    expect(read({ agent_id: 'kael', ...message })).toEqual({ kind: 'unreadable', source: 'kael', why })
  })
})

describe('clocks that disagree', () => {
  const at = (timestamp: unknown) => {
    const { at, clockOffMs } = readingOf({ level: 5, timestamp })
    return [at.getTime() - arrived.getTime(), clockOffMs]
  }
  test.each([
    ['a little late: believed', '2026-11-21T11:55:00Z', [-300_000, undefined]],
    ['a little ahead: it cannot be later than it came', '2026-11-21T12:00:30Z', [0, undefined]],
    ['an hour ahead: its arrival counts', '2026-11-21T13:00:00Z', [0, 3_600_000]],
    ['yesterday: its arrival counts', '2026-11-20T12:00:00Z', [0, -86_400_000]],
    ['seconds since 1970', 1795262390, [-10_000, undefined]],
    ['text of seconds', '1795262390.5', [-9_500, undefined]],
    ['of no zone: UTC', '2026-11-21 11:59:59', [-1_000, undefined]],
    ['nonsense', 'soon', [0, undefined]],
    ['no text at all', { year: 2026 }, [0, undefined]],
    ['beyond all times', 1e300, [0, undefined]],
  ])('%s', (_name, timestamp, expected) => expect(at(timestamp)).toEqual(expected))
})

describe('whatever comes', () => {
  const hostile = fc.oneof(
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('level', 'ucf', 'ucf_metrics', 'agent_id', 'harmony', 'timestamp', '__proto__')),
      fc.jsonValue(),
    ),
    fc.record({ agent_id: fc.anything(), consciousness_level: fc.anything(), ucf_metrics: fc.dictionary(fc.string(), fc.anything()) }),
  )
  test('it never throws, and a reading is always within its bounds, storable, and of no later than it came', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom(...listenedChannels), (message, channel) => {
        const found = readMessage(
          { id: `${arrived.getTime()}-3`, channel, message: message as Record<string, unknown>, text: '{}' },
          createScales(),
        )
        if (found.kind !== 'reading') return
        const { source, level, metrics, at } = found.reading
        expect(at.getTime()).toBeLessThanOrEqual(arrived.getTime())
        expect(level === undefined || (level >= 0 && level <= 10)).toBe(true)
        for (const name of fractions) {
          const value = metrics[name]
          if (Object.hasOwn(metrics, name)) expect(value! >= 0 && value! <= 10).toBe(true)
        }
        for (const text of [source, ...Object.keys(metrics)]) expect(/\p{Cc}/u.test(text) || !text.isWellFormed()).toBe(false)
        expect(Object.values(metrics).every(Number.isFinite)).toBe(true)
      }),
    )
  })
  test('a source on 0–1 and the same on 0–10 are read alike', () => {
    const tenths = fc.integer({ min: 16, max: 100 }).map((n) => n / 10)
    fc.assert(
      fc.property(tenths, tenths, (harmony, prana) => {
        const small = readingOf({ ucf_metrics: { harmony: harmony / 10, prana: prana / 10 } }).metrics
        const large = readingOf({ ucf_metrics: { harmony, prana } }).metrics
        expect(small.harmony).toBeCloseTo(large.harmony!, 8)
        expect(small.prana).toBeCloseTo(large.prana!, 8)
      }),
    )
  })
})
