import { expect, test } from 'vitest'
import { createPersist, persistence } from '#src/adapters/discord/persist.ts'
import { UpstreamError, type UpstreamFault } from '#src/kernel/errors.ts'

const fault = (given: Partial<UpstreamFault>) =>
  new UpstreamError('no', { provider: 'Discord', operation: 'x', outcome: 'ambiguous', retryable: true, ...given })

/** Time passes in waiting alone. */
function made() {
  let ms = 0
  const waits: number[] = []
  const stopped = new AbortController()
  const clock = {
    now: () => new Date(ms),
    sleep: async (wait: number) => {
      waits.push(wait / 1_000)
      ms += wait
    },
  }
  return { persist: createPersist({ clock, stopped: stopped.signal }), waits, stopped }
}
const until = new Date(120_000)

test('waits are longer and longer, and the last try begins in time', async () => {
  const { persist, waits } = made()
  await expect(persist({ until }, () => Promise.reject(fault({})))).rejects.toThrow('no')
  expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30])
})
test('what Discord says about waiting goes first, and is not waited for where it is too late then', async () => {
  const { persist, waits } = made()
  const limited = { outcome: 'refused', status: 429 } as const
  let tries = 0
  const send = () => Promise.reject(fault({ ...limited, retryAfterMs: ++tries === 1 ? 40_000 : 90_000 }))
  await expect(persist({ until }, send)).rejects.toMatchObject({ fault: { retryAfterMs: 90_000 } })
  expect(waits).toEqual([40])
})
test('a refusal is final, and so is whatever is no failure of Discord', async () => {
  const { persist, waits } = made()
  await expect(persist({ until }, () => Promise.reject(fault({ outcome: 'refused', retryable: false })))).rejects.toThrow('no')
  await expect(persist({ until }, () => Promise.reject(new TypeError('bug')))).rejects.toThrow('bug')
  expect(waits).toEqual([])
})
test('what would stand twice is sent so often at most, but a rate limit costs none of it', async () => {
  const { persist } = made()
  let tries = 0
  const send = () => {
    tries += 1
    return Promise.reject(tries % 2 ? fault({ retryable: false }) : fault({ outcome: 'refused', status: 429 }))
  }
  await expect(persist({ until, unanswered: 3 }, send)).rejects.toMatchObject({ fault: { outcome: 'ambiguous' } })
  expect(tries).toBe(5)
})
test('nothing is waited for once the process ends', async () => {
  const { persist, waits, stopped } = made()
  const send = () => {
    if (waits.length === 1) stopped.abort()
    return Promise.reject(fault({}))
  }
  await expect(persist({ until }, send)).rejects.toThrow('no')
  expect(waits).toEqual([1])
})
test('so many wait at once, and one more does not', async () => {
  const woken = Promise.withResolvers<void>()
  const clock = { now: () => new Date(0), sleep: () => woken.promise }
  const persist = createPersist({ clock, stopped: new AbortController().signal })
  const sent = Array.from({ length: persistence.atOnce }, () => {
    let tries = 0
    return persist({ until }, () => (++tries === 1 ? Promise.reject(fault({})) : Promise.resolve('sent')))
  })
  await expect(persist({ until }, () => Promise.reject(fault({})))).rejects.toThrow('no')
  woken.resolve()
  expect(new Set(await Promise.all(sent))).toEqual(new Set(['sent']))
})
