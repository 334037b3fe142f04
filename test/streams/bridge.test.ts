import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '#src/kernel/clock.ts'
import type { RedisServer } from '#src/launch/redis.ts'
import { createBacklog } from '#src/streams/backlog.ts'
import { createBridge } from '#src/streams/bridge.ts'
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
function bridge(channel: string) {
  const position = () => '99999999999999-0'
  const backlog = createBacklog(systemClock())
  const deps = { channel, client: peer.redis.client, backlog, leaseMs: 3_000, maxLength: 100, log: quietLog(), position }
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
