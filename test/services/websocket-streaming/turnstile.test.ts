import { expect, test } from 'vitest'
import { createTurnstile } from '#services/websocket-streaming/clients/turnstile.ts'

/** Work that ends when it is told to, and says that it began. */
function works(turnstile: ReturnType<typeof createTurnstile>) {
  const began: string[] = []
  const ends: (() => void)[] = []
  const ask = (owner: string, name = owner, signal = new AbortController().signal) =>
    turnstile(owner, signal, async () => {
      began.push(name)
      await new Promise<void>((resolve) => ends.push(resolve))
      return name
    })
  const endOne = async () => {
    ends.shift()!()
    await new Promise(setImmediate)
  }
  return { began, ask, endOne }
}

test('so much runs at once, and of one owner its share: another one finds a place though the first has asked for more than there is', async () => {
  const { began, ask, endOne } = works(createTurnstile({ most: 3, mostOfOne: 2 }))
  const done = [1, 2, 3, 4].map((n) => ask('greedy', `greedy ${n}`))
  done.push(ask('modest'))
  expect(began).toEqual(['greedy 1', 'greedy 2', 'modest'])
  done.push(ask('third'))
  await endOne()
  expect(began.slice(3)).toEqual(['greedy 3'])
  await endOne()
  expect(began.slice(4)).toEqual(['third'])
  for (let n = 0; n < 4; n += 1) await endOne()
  expect(await Promise.all(done)).toEqual(['greedy 1', 'greedy 2', 'greedy 3', 'greedy 4', 'modest', 'third'])
})

test('owners take turns, however much one of them waits for', async () => {
  const { began, ask, endOne } = works(createTurnstile({ most: 1, mostOfOne: 1 }))
  for (const n of [1, 2, 3, 4]) void ask('greedy', `greedy ${n}`)
  for (const n of [1, 2]) void ask('modest', `modest ${n}`)
  for (let n = 0; n < 6; n += 1) await endOne()
  expect(began).toEqual(['greedy 1', 'greedy 2', 'modest 1', 'greedy 3', 'modest 2', 'greedy 4'])
})

test('who goes while it waits is never begun, and takes nobody’s place; a failure gives its place back', async () => {
  const turnstile = createTurnstile({ most: 1, mostOfOne: 1 })
  const { began, ask, endOne } = works(turnstile)
  void ask('first')
  const leaving = new AbortController()
  const left = ask('second', 'second', leaving.signal)
  const failed = expect(turnstile('third', new AbortController().signal, () => Promise.reject(new Error('broken')))).rejects.toThrow(
    'broken',
  )
  void ask('fourth')
  leaving.abort()
  await expect(left).rejects.toMatchObject({ name: 'AbortError' })
  await endOne()
  await failed
  await expect(ask('late', 'late', leaving.signal)).rejects.toMatchObject({ name: 'AbortError' })
  expect(began).toEqual(['first', 'fourth'])
})
