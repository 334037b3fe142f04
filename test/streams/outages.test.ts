import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort } from '#src/launch/free-port.ts'
import type { RedisServer } from '#src/launch/redis.ts'
import { gapBetween } from '#src/streams/stream-entry.ts'
import { redisServer } from '#test/support/redis.ts'
import { foreignClient, hearing, type StreamsPeer, streamsPeer } from '#test/support/stream-clients.ts'

const endings: (() => unknown)[] = []
let server: RedisServer
beforeEach(async () => {
  server = await redisServer()
  endings.push(() => server.stop())
})
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

function start(url = server.url, given: Parameters<typeof streamsPeer>[1] = {}): StreamsPeer {
  const peer = streamsPeer(url, given)
  endings.push(() => peer.close())
  return peer
}

async function foreign(url = server.url) {
  const client = await foreignClient(url)
  endings.push(client.close)
  return client.client
}

async function listeningProcess(channel: string) {
  const file = fileURLToPath(new URL('listening-process.ts', import.meta.url))
  const child = fork(file, [server.url, channel], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  endings.push(() => child.kill('SIGKILL'))
  const [said] = await once(child, 'message')
  expect(said).toBe('ready')
  return child
}

/** Resolves once the process has said it. */
function until(child: ChildProcess, what: string): Promise<void> {
  return new Promise((resolve) => child.on('message', (said) => said === what && resolve()))
}

const numbersOf = (entries: readonly { message: Readonly<Record<string, unknown>> }[]) => entries.map(({ message }) => message.n)
const upTo = (many: number) => Array.from({ length: many }, (_, n) => n)

test.each(['SIGKILL', 'SIGSTOP'] as const)(
  'the process that bridges is ended by %s under load: every foreign message is appended once, in order',
  async (signal) => {
    const holder = await listeningProcess('foreign')
    const heard = hearing()
    const peer = start()
    await peer.streams.subscribe(['foreign'], heard.onEntry, heard.onGap)
    const publisher = await foreign()
    for (let n = 0; n < 400; n += 1) {
      // Not one by one: some are on their way to the one that ends.
      const sent = publisher.publish('foreign', `{"n":${n}}`)
      if (n === 200) holder.kill(signal)
      if (n % 10 === 0) await sent
    }
    await heard.count(400)
    if (signal === 'SIGSTOP') {
      holder.kill('SIGCONT')
      // It hears and tries all that it missed: then it has had its chance to append twice.
      const last = heard.entries.at(-1)!.id
      await until(holder, last)
    }
    await publisher.publish('foreign', '{"n":400}')
    expect(numbersOf(await heard.count(401))).toEqual(upTo(401))
    expect(numbersOf(await peer.streams.read('foreign', { count: 1_000 }))).toEqual(upTo(401))
    expect(heard.gaps).toEqual([])
  },
)

test('the process that bridges stops: another one takes over with nothing lost', async () => {
  const first = start()
  const subscription = await first.streams.subscribe(['foreign'], () => {})
  const heard = hearing()
  const second = start()
  await second.streams.subscribe(['foreign'], heard.onEntry)
  const publisher = await foreign()
  await publisher.publish('foreign', '{"n":0}')
  const stopping = subscription.stop()
  for (const n of [1, 2, 3]) await publisher.publish('foreign', `{"n":${n}}`)
  await stopping
  await publisher.publish('foreign', '{"n":4}')
  expect(numbersOf(await heard.count(5))).toEqual(upTo(5))
})

test('connections are cut again and again: everybody gets every message once, and no gap', async () => {
  const peers = [start(), start()]
  const heards = peers.map(() => hearing())
  for (const [index, peer] of peers.entries()) await peer.streams.subscribe(['s'], heards[index]!.onEntry, heards[index]!.onGap)
  const publisher = start()
  const admin = await foreign()
  for (let n = 0; n < 300; n += 1) {
    await publisher.streams.publish('s', { n })
    if (n % 100 === 50) {
      // Those that listen, and those that wait in XREAD.
      await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
      for (const line of String(await admin.call('CLIENT', 'LIST'))
        .split('\n')
        .filter((line) => line.includes('cmd=xread'))) {
        await admin.call('CLIENT', 'KILL', 'ID', /id=(\d+)/.exec(line)![1]!)
      }
    }
  }
  for (const heard of heards) {
    expect(numbersOf(await heard.count(300))).toEqual(upTo(300))
    expect(heard.gaps).toEqual([])
  }
  // The channels are heard again as well: what is only published arrives.
  let tried = 0
  while (heards[0]!.entries.length === 300) {
    await admin.publish('s', `{"n":${300 + tried++}}`)
    await turn()
  }
  for (const more of [1, 2, 3]) await admin.publish('s', `{"n":${299 + tried + more}}`)
  const first = Number(heards[0]!.entries[300]!.message.n)
  for (const heard of heards)
    expect(numbersOf(await heard.count(300 + 303 + tried - first))).toEqual([...upTo(300), ...upTo(303 + tried).slice(first)])
})

/** Published by one that knows no streams until somebody has heard it; answers the last one's number. */
async function foreignUntilHeard(publisher: Awaited<ReturnType<typeof foreign>>, heard: ReturnType<typeof hearing>, from: number) {
  const before = heard.entries.length
  let n = from
  while (heard.entries.length === before) {
    await publisher.publish('foreign', `{"n":${n++}}`)
    await turn()
  }
  return n - 1
}

test('what foreign publishers sent while nobody heard them is a gap for everybody, and for those who read later', async () => {
  const port = await freePort()
  const target = new URL(server.url)
  const { cut, mend, close } = await gate(port, Number(target.port))
  endings.push(close)
  const url = `redis://:${target.password}@127.0.0.1:${port}`
  const heards = [hearing(), hearing()]
  for (const heard of heards) await start(url).streams.subscribe(['foreign'], heard.onEntry, heard.onGap)
  const publisher = await foreign()
  await publisher.publish('foreign', '{"n":0}')
  for (const heard of heards) await heard.count(1)
  cut()
  for (const n of [1, 2, 3]) await publisher.publish('foreign', `{"n":${n}}`)
  mend()
  await foreignUntilHeard(publisher, heards[0]!, 4)
  for (const heard of heards) {
    await heard.count(2)
    expect(heard.gaps).toEqual([undefined])
  }
  const [first, next] = await start().streams.read('foreign', { after: '0', count: 2 })
  expect([gapBetween(first!.number, next!.number), gapBetween(next!.number, next!.number + 1)]).toEqual([{ lost: undefined }, undefined])
})

test('where one process heard all the time, that others were cut off, the one that bridged among them, is no gap', async () => {
  const port = await freePort()
  const target = new URL(server.url)
  const { cut, mend, close } = await gate(port, Number(target.port))
  endings.push(close)
  const heards = [hearing(), hearing()]
  const bridging = start(`redis://:${target.password}@127.0.0.1:${port}`)
  await bridging.streams.subscribe(['foreign'], heards[0]!.onEntry, heards[0]!.onGap)
  const publisher = await foreign()
  await publisher.publish('foreign', '{"n":0}')
  await heards[0]!.count(1)
  await start().streams.subscribe(['foreign'], heards[1]!.onEntry, heards[1]!.onGap)
  await publisher.publish('foreign', '{"n":1}')
  for (const [index, many] of [2, 1].entries()) await heards[index]!.count(many)
  cut()
  for (const n of [2, 3]) await publisher.publish('foreign', `{"n":${n}}`)
  mend()
  await publisher.publish('foreign', '{"n":4}')
  expect(numbersOf(await heards[0]!.count(5))).toEqual(upTo(5))
  expect(numbersOf(await heards[1]!.count(4))).toEqual([1, 2, 3, 4])
  expect(heards.map(({ gaps }) => gaps)).toEqual([[], []])
})

test('what was trimmed while the connection was lost is a gap of so many', async () => {
  const port = await freePort()
  const target = new URL(server.url)
  const { cut, mend, close } = await gate(port, Number(target.port))
  endings.push(close)
  const heard = hearing()
  const peer = start(`redis://:${target.password}@127.0.0.1:${port}`)
  await peer.streams.subscribe(['s'], heard.onEntry, heard.onGap)
  const publisher = start(server.url, { maxLength: 100 })
  await publisher.streams.publish('s', { n: 0 })
  await heard.count(1)
  cut()
  for (let n = 1; n < 500; n += 1) await publisher.streams.publish('s', { n })
  const [oldest] = numbersOf(await publisher.streams.read('s', { after: '0', count: 1 }))
  mend()
  await heard.gap(1)
  await heard.count(1 + 500 - Number(oldest))
  expect(heard.gaps).toEqual([Number(oldest) - 1])
  expect(numbersOf(heard.entries)).toEqual([0, ...upTo(500).slice(Number(oldest))])
})

test('a Redis that lost its memory is a gap, and what it gets then is heard', async () => {
  const port = Number(new URL(server.url).port)
  const heard = hearing()
  const peer = start()
  await peer.streams.subscribe(['s'], heard.onEntry, heard.onGap)
  for (const n of [0, 1]) await peer.streams.publish('s', { n })
  await heard.count(2)
  await server.stop()
  const fault = await peer.streams.publish('s', { n: 'away' }).catch((error) => error)
  expect(fault).toMatchObject({
    name: 'UpstreamError',
    message: 'Redis cannot be reached now.',
    fault: { provider: 'Redis', retryable: true },
  })
  server = await redisServer({ port })
  await heard.gap(1)
  await peer.streams.publish('s', { n: 2 })
  await heard.count(3)
  expect(numbersOf(heard.entries)).toEqual([0, 1, 2])
  expect(heard.gaps).toEqual([undefined])
})

test('Redis away at the start: a subscription is there all the same, and hears when Redis comes', async () => {
  const port = await freePort()
  const heard = hearing()
  const peer = start(`redis://:tests@127.0.0.1:${port}`)
  await peer.streams.subscribe(['s'], heard.onEntry, heard.onGap)
  const late = await redisServer({ port })
  endings.push(() => late.stop())
  const publisher = await foreign(late.url)
  // It may begin at any message from now on; then it misses none.
  let n = 0
  while (heard.entries.length === 0) {
    await publisher.publish('s', `{"n":${n++}}`)
    await turn()
  }
  for (let more = 0; more < 3; more += 1) await publisher.publish('s', `{"n":${n++}}`)
  const [first] = numbersOf(heard.entries)
  expect(numbersOf(await heard.count(n - Number(first)))).toEqual(upTo(n).slice(Number(first)))
})

/** A door to Redis that can be shut. */
async function gate(port: number, target: number) {
  const open = new Set<Socket>()
  let shut = false
  const server = createServer((socket) => {
    if (shut) return socket.destroy()
    const behind = connect(target, '127.0.0.1')
    for (const each of [socket, behind]) {
      open.add(each)
      each.on('error', () => {}).on('close', () => open.delete(each))
    }
    return socket.pipe(behind).pipe(socket)
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    shut = true
    for (const socket of open) socket.destroy()
  }
  return {
    cut,
    mend: () => {
      shut = false
    },
    close: () => {
      cut()
      server.close()
    },
  }
}
