import { describe, expect, test } from 'vitest'
import type { ConsciousnessReading } from '#src/consciousness/consciousness.ts'
import { counted, whoseIs } from '#src/consciousness/counted.ts'

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 12, 0, seconds))
const reading = (source: string, level: number | undefined, metrics: Record<string, number>, seconds: number): ConsciousnessReading => ({
  ...{ source, channel: 'consciousness:stream', level, metrics, scale: undefined, at: at(seconds), clockOffMs: undefined, computed: false },
})

describe('of several readings counts', () => {
  test('the level and each metric of the first that has it, and it is known whose each is', () => {
    const found = counted([
      reading('coordinator', 7, { clarity: 0.9 }, 50),
      reading('low', 4, { harmony: 2 }, 10),
      reading('lum', 9, { harmony: 8, prana: 6 }, 5),
    ])!
    expect([found.source, found.level, found.metrics]).toEqual(['coordinator', 7, { clarity: 0.9, harmony: 2, prana: 6 }])
    expect(['level', 'clarity', 'harmony', 'prana'].map((name) => whoseIs(found, name).source)).toEqual([
      ...['coordinator', 'coordinator', 'low', 'lum'],
    ])
    expect(whoseIs(found, 'harmony').at).toEqual(at(10))
  })
  test('a level before none, and metrics alone where nobody gives one', () => {
    expect(counted([reading('bare', undefined, { harmony: 3 }, 9), reading('kael', 8, { harmony: 9 }, 1)])).toMatchObject({
      ...{ source: 'kael', level: 8, metrics: { harmony: 3 } },
    })
    expect(counted([reading('bare', undefined, { harmony: 3 }, 9)])).toMatchObject({ source: 'bare', level: undefined })
    expect(counted([])).toBeUndefined()
  })
})
