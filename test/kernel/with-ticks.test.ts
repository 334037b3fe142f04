import { expect, test } from 'vitest'
import { systemClock } from '#src/kernel/clock.ts'
import { withTicks } from '#src/kernel/with-ticks.ts'

const never = new AbortController().signal

test('silence is filled with ticks, and no item is lost for one', async () => {
  let say: (item: string) => void = () => {}
  async function* source() {
    for (let at = 0; at < 2; at += 1) yield await new Promise<string>((resolve) => (say = resolve))
  }
  const seen: string[] = []
  for await (const item of withTicks(source(), systemClock(), 5, never)) {
    seen.push(item)
    if (seen.length === 2) say('one')
    if (seen.filter((each) => each === 'tick').length === 4 && !seen.includes('two')) say('two')
  }
  expect(seen.filter((each) => each !== 'tick')).toEqual(['one', 'two'])
  expect(seen[0]).toBe('tick')
})

test('it ends with its source, throws what that throws, and ends with the signal', async () => {
  async function* failing(): AsyncGenerator<string> {
    yield 'one'
    throw new Error('no more')
  }
  const seen: string[] = []
  const reading = (async () => {
    for await (const item of withTicks(failing(), systemClock(), 1_000, never)) seen.push(item)
  })()
  await expect(reading).rejects.toThrow('no more')
  expect(seen).toEqual(['one'])
  const ending = new AbortController()
  async function* silent(): AsyncGenerator<string> {
    await new Promise((resolve) => ending.signal.addEventListener('abort', resolve))
  }
  for await (const item of withTicks(silent(), systemClock(), 5, ending.signal)) {
    expect(item).toBe('tick')
    ending.abort()
  }
})
