import { expect, test } from 'vitest'
import type { Place } from '#src/kernel/call.ts'
import type { Cadence } from '#src/signals/cadence.ts'
import type { EnvironmentSignals } from '#src/signals/signals.ts'
import { createHintedLooks } from '#src/webhooks/hinted-looks.ts'
import { handClock } from '#test/playground/discord/hand-clock.ts'
import { quietLog } from '#test/support/quiet-log.ts'

const place = { guild: '1', project: 'p', environment: 'e' }

function stage(cadence: Cadence = { everyMs: 60_000, slowed: false }) {
  const clock = handClock()
  const start = clock.now().getTime()
  /** When it was looked, in seconds since the start. */
  const looks: number[] = []
  const signals = {
    newest: ({ environment }: Place) => (environment === 'e' ? ({ services: [] } as unknown as EnvironmentSignals) : undefined),
    cadence: () => cadence,
    lookNow: async () => void looks.push((clock.now().getTime() - start) / 1_000),
  }
  return { clock, looks, hinted: createHintedLooks({ signals, clock, log: quietLog() }) }
}

test('a storm of a hundred hints is one look, a second later', async () => {
  const { clock, looks, hinted } = stage()
  for (let count = 0; count < 100; count += 1) hinted.hint(place)
  expect(looks).toEqual([])
  await clock.turn(1_000)
  await clock.turn(60_000)
  expect(looks).toEqual([1])
})

test('a storm that does not end is a look every ten seconds', async () => {
  const { clock, looks, hinted } = stage()
  for (let tenths = 0; tenths < 300; tenths += 1) {
    hinted.hint(place)
    await clock.turn(100)
  }
  expect(looks).toEqual([1, 11, 21])
})

test('where it is looked more often anyway, hints wait no longer than that', async () => {
  const { clock, looks, hinted } = stage({ everyMs: 5_000, slowed: false })
  for (let tenths = 0; tenths < 120; tenths += 1) {
    hinted.hint(place)
    await clock.turn(100)
  }
  expect(looks).toEqual([1, 6, 11])
})

test('where few requests are left, it is looked on hints no more often than without', async () => {
  const { clock, looks, hinted } = stage({ everyMs: 300_000, slowed: true })
  for (let seconds = 0; seconds < 400; seconds += 1) {
    hinted.hint(place)
    await clock.turn(1_000)
  }
  expect(looks).toEqual([1, 301])
})

test('environments that nobody watches are not looked at, and nothing of them is kept', async () => {
  const { clock, looks, hinted } = stage()
  for (let count = 0; count < 1_000; count += 1) hinted.hint({ ...place, environment: `foreign-${count}` })
  await clock.turn(60_000)
  expect(looks).toEqual([])
})

test('a stop waits for nothing that is only to come', async () => {
  const { clock, looks, hinted } = stage()
  hinted.hint(place)
  await hinted.stop()
  hinted.hint(place)
  await clock.turn(60_000)
  expect(looks).toEqual([])
})
