import { expect, test } from 'vitest'
import { systemClock } from '#src/kernel/clock.ts'
import { createLoop } from '#src/kernel/loop.ts'

const HOUR_MS = 3_600_000

/** A loop whose turns the test ends, each with its rest. */
function stage() {
  const begun: PromiseWithResolvers<number>[] = []
  let arrived = Promise.withResolvers<void>()
  const loop = createLoop(() => {
    const turn = Promise.withResolvers<number>()
    begun.push(turn)
    arrived.resolve()
    return turn.promise
  }, systemClock())
  return {
    loop,
    begun,
    /** Resolves when the turn of that number has begun. */
    async turn(number: number) {
      while (begun.length < number) {
        arrived = Promise.withResolvers()
        await arrived.promise
      }
      return begun[number - 1]!
    },
  }
}

test('a wake cuts a rest short, one during a turn lets another follow at once, and turns never overlap', async () => {
  const { loop, turn, begun } = stage()
  loop.start()
  loop.start()
  ;(await turn(1)).resolve(HOUR_MS)
  await new Promise(setImmediate)
  expect(begun).toHaveLength(1)
  loop.wake()
  const second = await turn(2)
  loop.wake()
  loop.wake()
  await new Promise(setImmediate)
  expect(begun).toHaveLength(2)
  second.resolve(HOUR_MS)
  ;(await turn(3)).resolve(0)
  ;(await turn(4)).resolve(HOUR_MS)
  await loop.stop()
  expect(begun).toHaveLength(4)
})

test('a stop lets the turn under way end, ends a rest, and nothing starts again', async () => {
  const { loop, turn, begun } = stage()
  loop.start()
  const first = await turn(1)
  let stopped = false
  const stopping = loop.stop().then(() => {
    stopped = true
  })
  await new Promise(setImmediate)
  expect(stopped).toBe(false)
  first.resolve(HOUR_MS)
  await stopping
  loop.start()
  loop.wake()
  await new Promise(setImmediate)
  expect(begun).toHaveLength(1)
})

test('what a turn throws ends the loop and is thrown by the stop', async () => {
  const { loop, turn } = stage()
  loop.start()
  ;(await turn(1)).reject(new Error('a bug'))
  await expect(loop.stop()).rejects.toThrow('a bug')
})
