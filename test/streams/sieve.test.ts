import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isOwn } from '#src/streams/foreign.ts'
import { createSieve } from '#src/streams/sieve.ts'
import '#test/support/property-seed.ts'

const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`
const message = (kind: '>' | '*', channel: string, text: string) => `${kind}3\r\n${bulk('message')}${bulk(channel)}${bulk(text)}`
const own = (text: string) => `${JSON.stringify({ text }).slice(0, -1)},"stream_id":"1732190000000-7"}`

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('message', '\r\n', '*3\r\n$7\r\nmessage\r\n', '"stream_id":"1-1"'),
)
const kind = fc.constantFrom<'>' | '*'>('>', '*')
/** Frames of both protocols that Redis may send, and whether each is a message of Helix' own. */
const frame = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(kind, text, text).map(([each, channel, said]) => ({ bytes: message(each, channel, own(said)), isOwn: true })),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(kind, text, text).map(([each, channel, said]) => ({ bytes: message(each, channel, said), isOwn: false })),
  },
  fc
    .constantFrom(
      '+PONG\r\n',
      ':12\r\n',
      '$-1\r\n',
      '*-1\r\n',
      '_\r\n',
      '#t\r\n',
      ',1.5\r\n',
      '*0\r\n',
      '-ERR no\r\n',
      '(12\r\n',
      '*3\r\n:1\r\n:2\r\n:3\r\n',
    )
    .map((bytes) => ({ bytes, isOwn: false })),
  text.map((each) => ({ bytes: bulk(each), isOwn: false })),
  text.map((each) => ({ bytes: `%2\r\n${bulk('server')}${bulk(each)}${bulk('list')}*2\r\n:1\r\n~1\r\n${bulk(each)}`, isOwn: false })),
  text.map((each) => ({ bytes: `>3\r\n${bulk('subscribe')}${bulk(each)}:1\r\n`, isOwn: false })),
  text.map((each) => ({ bytes: `*2\r\n${bulk('pong')}${bulk(each)}`, isOwn: false })),
  text.map((each) => ({ bytes: `|1\r\n${bulk('ttl')}:5\r\n${bulk(each)}`, isOwn: false })),
  text.map((each) => ({ bytes: `=${Buffer.byteLength(each) + 4}\r\ntxt:${each}\r\n`, isOwn: false })),
)

/** What is left, and how many of its own were dropped. */
function sifted(bytes: Buffer, cuts: readonly number[]) {
  let dropped = 0
  const sieve = createSieve((all, start, end) => {
    if (!isOwn(all, start, end)) return false
    dropped += 1
    return true
  })
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]
  const left = Buffer.concat(at.slice(1).map((end, index) => sieve(bytes.subarray(at[index]!, end))))
  return { left, dropped }
}

test('of what comes at once all own messages are dropped, and everything else is as it was', () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 20 }), (frames) => {
      const { left, dropped } = sifted(Buffer.from(frames.map(({ bytes }) => bytes).join('')), [])
      const others = frames.filter((each) => !each.isOwn)
      expect([left.toString(), dropped]).toEqual([others.map(({ bytes }) => bytes).join(''), frames.length - others.length])
    }),
    { numRuns: 500 },
  )
})

test('however it is cut nothing but own messages is dropped, and those that came in two pieces pass whole', () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 20 }), fc.array(fc.nat(), { maxLength: 12 }), (frames, cuts) => {
      const { left, dropped } = sifted(Buffer.from(frames.map(({ bytes }) => bytes).join('')), cuts)
      let rest = left.toString()
      let passed = 0
      for (const { bytes, isOwn } of frames) {
        if (rest.startsWith(bytes)) {
          rest = rest.slice(bytes.length)
          if (isOwn) passed += 1
        } else expect(isOwn).toBe(true)
      }
      expect([rest, passed + dropped]).toEqual(['', frames.filter((each) => each.isOwn).length])
    }),
    { numRuns: 1_000 },
  )
})

test('a message of many pieces is let through as it comes, and not held in memory', () => {
  const long = message('>', 'c', own('x'.repeat(10_000_000)))
  const sieve = createSieve(() => true)
  let held = 0
  for (let at = 0; at < long.length; at += 65_536) {
    const piece = Buffer.from(long.slice(at, at + 65_536))
    held += piece.length - sieve(piece).length
    expect(held).toBeLessThan(100)
  }
  expect(held).toBe(0)
  expect(sieve(Buffer.from(message('>', 'c', 'next')))).toHaveLength(0)
})

test('what is no answer of Redis does not fill the memory', () => {
  const sieve = createSieve(() => false)
  expect(() => {
    for (let piece = 0; piece < 10; piece += 1) sieve(Buffer.alloc(65_536, 'x'))
  }).toThrow('no answer of its protocol')
})
