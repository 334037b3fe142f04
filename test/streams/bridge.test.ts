import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '#src/kernel/clock.ts'
import type { RedisServer } from '#src/launch/redis.ts'
import { type BacklogLimits, backlogLimits, createBacklog } from '#src/streams/backlog.ts'
import { createBridge } from '#src/streams/bridge.ts'
import { LEAP } from '#src/streams/stream-entry.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { redisServer } from '#test/support/redis.ts'
import { type StreamsPeer, streamsPeer } from '#test/support/stream-clients.ts'

let server: RedisServer
let peer: StreamsPeer
beforeAll(async () => {
  server = await redisServer()
  peer = streamsPeer(server.url)
})
afterAll(async () => {
  await peer.close()
  await server.stop()
})

/** One process' bridge; the stream is read up to its end. */
function bridge(channel: string, client = peer.redis.client, limits: BacklogLimits = backlogLimits) {
  const position = () => '99999999999999-0'
  const backlog = createBacklog(systemClock(), limits)
  const deps = { channel, client, backlog, leaseMs: 3_000, maxLength: 100, log: quietLog(), position }
  return createBridge({ ...deps, heard: async () => {} })
}
const texts = async (channel: string) => (await peer.streams.read(channel, { count: 10 })).map(({ text }) => text)
const now = async () => {
  const [seconds, micros] = await peer.redis.client.time()
  return Number(seconds) * 1_000 + Number(micros) / 1_000
}

test('who heard the channel all the time takes over before one that came later, and appends what only it heard', async () => {
  const [first, always, late] = [bridge('c'), bridge('c'), bridge('c')]
  const began = await now()
  await first.turn(began)
  for (const each of [first, always]) each.published('{"n":1}')
  first.deaf()
  always.published('{"n":2}')
  await expect.poll(() => peer.redis.client.exists('helix:bridge:c')).toBe(0)
  const since = await now()
  await late.turn(since + 1)
  late.published('{"n":3}')
  always.published('{"n":3}')
  expect(await texts('c')).toEqual(['{"n":1}'])
  await always.turn(began)
  // As its own stream would have shown it, the first one is there.
  await expect.poll(() => texts('c')).toContain('{"n":3}')
  expect(await texts('c')).toContain('{"n":2}')
  for (const each of [late, always]) await each.stop()
})

test('where nobody heard all the time, one that came later takes over after a while', async () => {
  const first = bridge('d')
  await first.turn(await now())
  await first.stop()
  const late = bridge('d')
  late.published('{"n":1}')
  await expect
    .poll(
      async () => {
        await late.turn((await now()) - 1)
        return texts('d')
      },
      { timeout: 10_000 },
    )
    .toEqual(['{"n":1}'])
  await late.stop()
})

test('Redis gives a lease and its answer comes too late: the process knows of no lease, and gets one that it uses', async () => {
  const hasty = peer.redis.client.duplicate({ commandTimeout: 200, autoResendUnfulfilledCommands: false })
  await hasty.ping()
  const only = bridge('e', hasty)
  const began = await now()
  process.kill(server.pid, 'SIGSTOP')
  try {
    await expect(only.turn(began)).rejects.toThrow('Command timed out')
  } finally {
    process.kill(server.pid, 'SIGCONT')
  }
  await expect.poll(() => peer.redis.client.exists('helix:heard:e')).toBe(1)
  only.published('{"n":1}')
  await expect
    .poll(
      async () => {
        // A busy machine may be too slow for so hasty a client: it asks again.
        await only.turn(began).catch(() => {})
        return texts('e')
      },
      { timeout: 10_000 },
    )
    .toEqual(['{"n":1}'])
  await only.stop()
  hasty.disconnect()
})

test('what was given up before a process could append is a gap, and one gap only', async () => {
  const only = bridge('f', peer.redis.client, { ...backlogLimits, entries: 2 })
  const began = await now()
  const numbers = async () => (await peer.streams.read('f', { count: 10 })).map(({ number }) => number)
  await only.turn(began)
  only.published('{"n":1}')
  await expect.poll(numbers).toEqual([1])
  only.deaf()
  for (const n of [2, 3, 4, 5]) only.published(`{"n":${n}}`)
  await only.turn(began)
  only.published('{"n":6}')
  await expect.poll(numbers).toEqual([1, 2 + LEAP, 3 + LEAP, 4 + LEAP])
  expect(await texts('f')).toEqual([1, 4, 5, 6].map((n) => `{"n":${n}}`))
  only.deaf()
  only.published('{"n":7}')
  await only.turn(began)
  await expect.poll(async () => (await numbers()).at(-1)! - (await numbers()).at(-2)!).toBe(1)
  await only.stop()
})

test('a flood is appended whole and in order; what does not go before the lease is given back goes before it', async () => {
  const only = bridge('g')
  await only.turn(await now())
  for (let n = 1; n <= 5_000; n += 1) only.published(`{"n":${n}}`)
  only.deaf()
  await expect.poll(async () => (await peer.streams.read('g', { count: 1 }))[0]?.number, { timeout: 10_000 }).toBe(5_000)
  const kept = await peer.streams.read('g', { count: 50 })
  expect(kept.map(({ text, number }) => [text, number])).toEqual(Array.from({ length: 50 }, (_, at) => [`{"n":${4_951 + at}}`, 4_951 + at]))
  await expect.poll(() => peer.redis.client.exists('helix:bridge:g')).toBe(0)
  await only.stop()
})
