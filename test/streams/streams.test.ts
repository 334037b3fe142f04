import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '#src/kernel/clock.ts'
import type { RedisServer } from '#src/launch/redis.ts'
import { createStreams } from '#src/streams/streams.ts'
import { noTracing, type Tracing } from '#src/tracing/tracing.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { redisServer } from '#test/support/redis.ts'
import { foreignClient, hearing, type StreamsPeer, streamsPeer } from '#test/support/stream-clients.ts'

describe.each([
  ['redis-server', false],
  ['the stand-in', true],
])('streams on %s', (_name, standIn) => {
  let server: RedisServer
  let peer: StreamsPeer
  let other: StreamsPeer
  beforeAll(async () => {
    server = await redisServer({ standIn })
    peer = streamsPeer(server.url)
    other = streamsPeer(server.url)
  })
  afterAll(async () => {
    await Promise.all([peer.close(), other.close()])
    await server.stop()
  })

  test('who only subscribes finds its fields unchanged, and the id that the stream gave', async () => {
    const client = await foreignClient(server.url, 'agent_events')
    const message = { event: 'agent_created', agent_id: 'é😀"\\', timestamp: '2026-01-01T00:00:00Z', nested: { list: [1, {}], none: null } }
    const ids = [await peer.streams.publish('agent_events', message), await peer.streams.publish('agent_events', {})]
    const texts = await client.heard(2)
    expect(texts.map((text) => JSON.parse(text))).toEqual([{ ...message, stream_id: ids[0] }, { stream_id: ids[1] }])
    expect(texts[0]!.startsWith(JSON.stringify(message).slice(0, -1))).toBe(true)
    client.close()
  })

  test('a message that is published again gets an id of its own', async () => {
    const client = await foreignClient(server.url, 'again')
    const id = await peer.streams.publish('again', { a: 1, stream_id: '1-1' })
    expect(JSON.parse((await client.heard(1))[0]!)).toEqual({ a: 1, stream_id: id })
    expect((await peer.streams.read('again', { count: 1 }))[0]!.text).toBe('{"a":1}')
    client.close()
  })

  test('a channel is read from an id, or its newest, oldest first', async () => {
    const ids = []
    for (const n of [1, 2, 3, 4]) ids.push(await peer.streams.publish('read', { n }))
    const numbers = (entries: readonly { message: object }[]) => entries.map(({ message }) => message)
    expect(numbers(await peer.streams.read('read', { count: 2 }))).toEqual([{ n: 3 }, { n: 4 }])
    expect(numbers(await peer.streams.read('read', { after: ids[0]!, count: 2 }))).toEqual([{ n: 2 }, { n: 3 }])
    expect(await peer.streams.read('read', { after: ids[3]!, count: 2 })).toEqual([])
    expect(await peer.streams.read('nothing there', { count: 2 })).toEqual([])
    expect(numbers(await peer.streams.read('read', { before: ids[3]!, count: 2 }))).toEqual([{ n: 2 }, { n: 3 }])
    expect(numbers(await peer.streams.read('read', { after: ids[0]!, before: ids[3]!, count: 9 }))).toEqual([{ n: 2 }, { n: 3 }])
    const [first] = await peer.streams.read('read', { after: '0', count: 1 })
    expect(first).toMatchObject({ id: ids[0], channel: 'read', message: { n: 1 }, text: '{"n":1}', number: 1 })
  })

  test('every subscriber of every process gets every message once and in order', async () => {
    const [one, two] = [hearing(), hearing()]
    const subscriptions = [
      await peer.streams.subscribe(['a', 'b'], one.onEntry, one.onGap),
      await other.streams.subscribe(['b', 'a', 'a'], two.onEntry, two.onGap),
    ]
    for (let n = 0; n < 60; n += 1) await [peer, other][n % 2]!.streams.publish(n % 3 === 0 ? 'a' : 'b', { n })
    for (const heard of [one, two]) {
      const entries = await heard.count(60)
      for (const [channel, many] of Object.entries({ a: 20, b: 40 })) {
        const own = entries.filter((entry) => entry.channel === channel)
        expect(own.map(({ number }) => number)).toEqual(Array.from({ length: many }, (_, index) => index + 1))
      }
      expect(heard.gaps).toEqual([])
    }
    for (const subscription of subscriptions) await subscription.stop()
    await peer.streams.publish('a', { n: 61 })
    expect(one.entries).toHaveLength(60)
  })

  test('what a foreign publisher only publishes is appended once, and reaches everybody', async () => {
    const [one, two] = [hearing(), hearing()]
    const subscriptions = [
      await peer.streams.subscribe(['foreign'], one.onEntry, one.onGap),
      await other.streams.subscribe(['foreign'], two.onEntry, two.onGap),
    ]
    const foreign = await foreignClient(server.url)
    const texts = Array.from({ length: 50 }, (_, n) => `{ "n" : ${n % 5} }`)
    for (const text of texts) await foreign.client.publish('foreign', text)
    for (const heard of [one, two]) expect((await heard.count(50)).map(({ text }) => text)).toEqual(texts)
    await peer.streams.publish('foreign', { end: true })
    expect((await one.count(51)).at(-1)!.message).toEqual({ end: true })
    expect(await peer.streams.read('foreign', { count: 100 })).toHaveLength(51)
    for (const subscription of subscriptions) await subscription.stop()
    foreign.close()
  })

  test('foreign messages that cannot be taken are said once, with their count, and hurt nobody', async () => {
    const heard = hearing()
    const subscription = await peer.streams.subscribe(['bad'], heard.onEntry, heard.onGap)
    const foreign = await foreignClient(server.url)
    const bad = [
      '',
      'hello',
      '{',
      '[1,2]',
      '"text"',
      '12',
      'null',
      '\u0000',
      `{"deep":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      `{"long":"${'x'.repeat(300_000)}"}`,
    ]
    for (const text of bad) await foreign.client.publish('bad', text)
    await foreign.client.publish('bad', Buffer.from([0xff, 0xfe, 0x7b]))
    await foreign.client.publish('bad', '{"good":true}')
    expect((await heard.count(1)).map(({ message }) => message)).toEqual([{ good: true }])
    const said = peer.log.lines.filter(({ message }) => message === 'a message of a channel cannot be taken')
    expect(said.map(({ fields }) => fields)).toEqual([
      { channel: 'bad', why: 'malformed', count: 1 },
      { channel: 'bad', why: 'oversized', count: 1 },
    ])
    await subscription.stop()
    foreign.close()
  })

  test('the latest message is the newest of the stream, until somebody else writes its key', async () => {
    const [publish, latest] = [
      (n: number, options = {}) => peer.streams.publish('newest', { n }, options),
      () => other.streams.latest('newest', 'its-key'),
    ]
    expect(await latest()).toBeUndefined()
    await publish(1, { latest: 'its-key' })
    expect(await latest()).toEqual({ n: 1 })
    await publish(2)
    expect(await latest()).toEqual({ n: 2 })
    await peer.redis.client.set('its-key', '{"n":"by somebody else"}')
    expect(await latest()).toEqual({ n: 'by somebody else' })
    await publish(3)
    expect(await latest()).toEqual({ n: 3 })
    await peer.redis.client.set('its-key', '{"n":2}')
    expect(await latest()).toEqual({ n: 3 })
  })

  test('a message carries the trace of what published it', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const tracing: Tracing = { ...noTracing, carry: () => ({ traceparent }) }
    const streams = createStreams({ redis: peer.redis, clock: systemClock(), log: quietLog(), tracing })
    await streams.publish('traced', { a: 1 })
    expect((await streams.read('traced', { count: 1 }))[0]!.message).toEqual({ a: 1, traceparent })
    await streams.close()
  })

  test('a message over the limit is refused, and nothing of it is kept', async () => {
    await expect(peer.streams.publish('big', { text: 'é'.repeat(131_072) })).rejects.toThrow('The message is larger than 256 KB.')
    expect(await peer.streams.read('big', { count: 1 })).toEqual([])
  })

  test('a listener that fails is heard of, and gets what follows', async () => {
    const heard = hearing()
    const subscription = await peer.streams.subscribe(['faulty'], (entry) => {
      heard.onEntry(entry)
      if (entry.message.n === 1) throw new Error('a bug')
    })
    for (const n of [1, 2]) await peer.streams.publish('faulty', { n })
    expect(await heard.count(2)).toHaveLength(2)
    expect(peer.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
    await subscription.stop()
  })
})
