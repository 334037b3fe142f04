import { expect, test } from 'vitest'
import { createLooking, lookEveryMs } from '#src/alerts/looking.ts'
import { place } from '#test/incidents/stage.ts'
import { handClock } from '#test/playground/discord/hand-clock.ts'
import { quietLog } from '#test/support/quiet-log.ts'

test('a look that hangs is no watching: whoever waits for the heartbeat hears nothing until it goes on', async () => {
  const clock = handClock()
  let hung: PromiseWithResolvers<never[]> | undefined
  const looking = createLooking({
    rows: { all: () => hung?.promise ?? Promise.resolve([]) },
    rounds: { read: async () => ({ readAt: undefined, standings: [], heard: undefined }), make: async () => {} },
    readings: { load: async () => ({}) },
    streams: { read: async () => [], bridge: async () => ({ stop: async () => {} }) },
    ...{ signals: { newest: () => undefined }, blindSpots: async () => new Map(), fresh: () => undefined },
    ...{ watched: () => [place], home: () => undefined, decides: () => true, clock, log: quietLog() },
  })
  expect(looking.isWell()).toBe(false)
  looking.start()
  await clock.slept(lookEveryMs)
  expect(looking.isWell()).toBe(true)
  hung = Promise.withResolvers()
  await clock.turn(lookEveryMs)
  expect(looking.isWell()).toBe(true)
  await clock.turn(60_000)
  expect(looking.isWell()).toBe(false)
  hung.resolve([])
  await clock.slept(lookEveryMs)
  expect(looking.isWell()).toBe(true)
  await looking.stop()
})
