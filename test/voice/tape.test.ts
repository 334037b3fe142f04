import { expect, test } from 'vitest'
import { createTape } from '#src/voice/tape.ts'

/** Says packets when it is told to. */
function speaker() {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const mouth = writable.getWriter()
  return { packets: readable, say: (byte: number) => mouth.write(new Uint8Array(40).fill(byte)), end: () => mouth.close() }
}

/** A recogniser that ends its stream by its own rules after so many packets. */
function stream(most: number) {
  const heard: number[] = []
  return {
    heard,
    end: () => {},
    write(packet: Uint8Array) {
      if (heard.length === most) return false
      heard.push(packet[0]!)
      return true
    },
  }
}

test('what is said after a stream ended by itself, and before anybody knew, is said to the next one', async () => {
  const { packets, say, end } = speaker()
  const tape = createTape(packets)
  const [first, second] = [stream(2), stream(10)]
  tape.play(first)
  for (const byte of [1, 2, 3]) await say(byte)
  await end()
  await expect.poll(() => first.heard).toEqual([1, 2])
  tape.forget()
  expect(await tape.hasMore()).toBe(true)
  tape.play(second)
  expect(second.heard).toEqual([3])
  tape.forget()
  expect(await tape.hasMore()).toBe(false)
  expect(tape.played).toBe(3)
})

test('a stream that failed is followed by one that hears all of it again', async () => {
  const { packets, say } = speaker()
  const tape = createTape(packets)
  const [first, second] = [stream(10), stream(10)]
  tape.play(first)
  await say(1)
  await say(2)
  await expect.poll(() => first.heard).toEqual([1, 2])
  tape.play(second)
  expect(second.heard).toEqual([1, 2])
})
