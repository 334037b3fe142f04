import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLogSieve, logLine } from '#src/adapters/railway/log-lines.ts'

const start = Date.parse('2026-11-20T10:00:00Z')
const fieldsAt = (ms: number, message: string) => ({ timestamp: new Date(start + ms).toISOString(), message, severity: 'info', tags: null })

test('each line passes once, however often and in whatever batches it is repeated', () => {
  const lines = Array.from({ length: 40 }, (_, n) => fieldsAt(1 + n * 500, `line ${n}`))
  const window = fc.tuple(fc.nat(lines.length), fc.nat(lines.length))
  fc.assert(
    fc.property(fc.array(window), (windows) => {
      const sieve = createLogSieve(new Date(start))
      // Railway repeats from a while back, and then goes on: batches begin anywhere, the newest line so far only grows.
      const ends = windows.map(([, end]) => end).sort((a, b) => a - b)
      const batches = windows.map(([begin], n) => lines.slice(Math.min(begin, ends[n - 1] ?? 0), ends[n]))
      const passed = batches.flatMap((batch) => sieve.pass(batch)).map(({ message }) => message)
      expect(new Set(passed).size).toBe(passed.length)
      expect(passed.length).toBe(ends.at(-1) ?? 0)
    }),
  )
})

test('what is older than where following began does not pass, nor what has no time', () => {
  const sieve = createLogSieve(new Date(start))
  expect(
    sieve.pass([fieldsAt(-1, 'before'), { ...fieldsAt(1, 'odd'), timestamp: 'soon' }, fieldsAt(2, 'now')]).map(({ message }) => message),
  ).toEqual(['now'])
})

test('a reconnect asks again from 30 s before the newest line, never from before the beginning', () => {
  const sieve = createLogSieve(new Date(start))
  sieve.pass([fieldsAt(10_000, 'one')])
  expect(sieve.anchor()).toEqual(new Date(start))
  sieve.pass([fieldsAt(60_000, 'two')])
  expect(sieve.anchor()).toEqual(new Date(start + 30_000))
})

test('a line has no terminal colours', () => {
  expect(logLine(fieldsAt(0, '\u001b[32mGET\u001b[0m /')).message).toBe('GET /')
})
