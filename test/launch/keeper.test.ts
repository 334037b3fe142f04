import { expect, test } from 'vitest'
import type { Clock } from '#src/kernel/clock.ts'
import { createKeeper } from '#src/launch/keeper.ts'
import { EndedEarly, type Ending } from '#src/launch/run.ts'

/** A process that lives until the test ends it, and a clock whose waits are noted and take no time. */
function stage() {
  const waits: number[] = []
  const said: string[] = []
  let now = 0
  let pid = 0
  const end: ((ending: Ending) => void)[] = []
  const clock: Clock = {
    now: () => new Date(now),
    sleep: async (ms) => {
      waits.push(ms)
      now += ms
    },
  }
  const keeper = createKeeper({
    name: 'The bot',
    clock,
    say: (sentence) => said.push(sentence),
    async run() {
      const ended = Promise.withResolvers<Ending>()
      end.push(ended.resolve)
      pid += 1
      const stop = async () => ended.resolve({ code: 0, signal: null })
      return { pid, ended: ended.promise, stop, kill: () => void stop() }
    },
  })
  return { keeper, waits, said, end, advance: (ms: number) => (now += ms) }
}

const killed: Ending = { code: null, signal: 'SIGKILL' }

/** Every life of it begins in a later turn. */
async function nextLife(end: readonly unknown[], lives: number): Promise<void> {
  while (end.length < lives) await new Promise(setImmediate)
}

test('what ends again and again is started again ever later, at most 10 s later', async () => {
  const { keeper, waits, end } = stage()
  await keeper.start()
  for (let life = 1; life <= 8; life += 1) {
    end[life - 1]!(killed)
    await nextLife(end, life + 1)
  }
  expect(waits).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000])
  await keeper.stop()
})

test('what ran well for a while is started again at once', async () => {
  const { keeper, waits, end, advance } = stage()
  await keeper.start()
  end[0]!(killed)
  await nextLife(end, 2)
  advance(31_000)
  end[1]!(killed)
  await nextLife(end, 3)
  expect(waits).toEqual([200, 200])
  await keeper.stop()
})

test('what is stopped stays stopped, and can be started again', async () => {
  const { keeper, end, said } = stage()
  await keeper.start()
  await keeper.stop()
  expect(keeper.current()).toBeUndefined()
  expect(end).toHaveLength(1)
  await keeper.start()
  expect(keeper.current()?.pid).toBe(2)
  expect(said).toEqual([])
  await keeper.stop()
})

test('a first life that ends by itself is for a person to repair', async () => {
  const refusal = new EndedEarly({ code: 1, signal: null })
  const keeper = createKeeper({
    name: 'The bot',
    clock: { now: () => new Date(0), sleep: async () => {} },
    say: () => {},
    run: async () => ({
      pid: 1,
      ready: Promise.reject(refusal),
      ended: Promise.resolve(refusal.ending),
      stop: async () => {},
      kill: () => {},
    }),
  })
  await expect(keeper.start()).rejects.toBe(refusal)
})
