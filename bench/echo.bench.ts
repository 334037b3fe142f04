import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { systemClock } from '../src/kernel/clock.ts'
import { startPostgres } from '../src/launch/postgres.ts'
import { startRedis } from '../src/launch/redis.ts'
import { cpuSeconds } from './processes.ts'
import type { Figure } from './run.ts'
import { ended } from './server.ts'

const PER_SECOND = 20_000
const SECONDS = Number(process.env.ECHO_SECONDS ?? 60)
/** Of the bare subscriber, before the echo and after it. */
const BARE_SECONDS = Math.min(10, SECONDS)
const FOREIGN_SECONDS = Math.min(15, SECONDS)
const WARM_UP_SECONDS = Math.min(5, SECONDS)
const STREAM = 'consciousness:stream'
const CHANNELS = ['100000000000000001', '100000000000000002']

/** As the product is run; what is alive can be told from what only waits to be collected. */
const FLAGS = ['--max-semi-space-size=16', '--expose-gc']

const root = fileURLToPath(new URL('..', import.meta.url))

/** 20,000 messages a second on one stream: what shows it in two channels beside a bare subscriber that parses the JSON. */
export default async function echo(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'helix-echo-'))
  await chmod(folder, 0o755)
  const [postgres, redis] = await Promise.all([
    startPostgres({ folder: join(folder, 'postgres'), say: () => {}, clock: systemClock() }),
    startRedis({ path: process.env.PATH }),
  ])
  if (redis.standIn) throw new Error('Echoes are measured on a real redis-server: install one.')
  const discord = await startDiscord()
  const control = new Redis(redis.url)
  try {
    const bare = () => withProcess('bench/bare-subscriber.ts', [redis.url, STREAM], (child) => measured(child, redis.url, BARE_SECONDS))
    const before = await bare()
    await control.flushall()
    const args = [redis.url, postgres.url, discord.url, STREAM, ...CHANNELS]
    const { own: echoed, foreign } = await withProcess('bench/echo-reader.ts', args, async (child) => {
      await until(async () => (await control.exists(`helix:reader:${STREAM}`)) === 1)
      return { own: await measured(child, redis.url, SECONDS), foreign: await measured(child, redis.url, FOREIGN_SECONDS, 'foreign') }
    })
    const after = await bare()
    const bareMicros = (before.micros + after.micros) / 2
    const wanted = `of ${PER_SECOND.toLocaleString('en')} a second for ${SECONDS} s`
    return [
      {
        name: 'echo_ingest',
        value: 1e6 / echoed.micros,
        baseline: 1e6 / bareMicros,
        unit: `messages for each second of its processor, ${wanted}`,
      },
      {
        name: 'echo_read',
        value: echoed.received,
        baseline: echoed.published,
        unit: `messages ${wanted}; the other ${echoed.lost} were trimmed by Redis before, and said to be lost`,
      },
      {
        name: 'echo_accounted',
        value: echoed.received + echoed.lost,
        baseline: echoed.published,
        unit: 'messages, read or said to be lost: none that was acknowledged is missing in PostgreSQL',
      },
      {
        name: 'echo_foreign_read',
        value: foreign.received,
        baseline: foreign.published,
        unit: `messages that were only published, of ${PER_SECOND.toLocaleString('en')} a second for ${FOREIGN_SECONDS} s; ${foreign.lost} said to be lost`,
      },
      {
        name: 'echo_requests',
        value: discord.mostInASecond(),
        baseline: 1,
        unit: `requests to Discord in any second, for each of ${CHANNELS.length} channels`,
      },
      {
        name: 'echo_memory',
        value: echoed.memory.end,
        baseline: echoed.memory.begin,
        unit: 'MB of objects in use at the end, beside those after the warm-up',
      },
    ]
  } finally {
    control.disconnect()
    discord.close()
    await Promise.all([postgres.stop(), redis.stop()])
    await rm(folder, { recursive: true, force: true })
  }
}

/** Helix' services append and publish; others only publish. */
type Kind = 'own' | 'foreign'

interface Measured {
  readonly published: number
  readonly received: number
  readonly lost: number
  /** Of the processor for each message. */
  readonly micros: number
  readonly memory: { readonly begin: number; readonly end: number }
}

async function measured(child: ChildProcess, redisUrl: string, seconds: number, kind: Kind = 'own'): Promise<Measured> {
  await publish(redisUrl, WARM_UP_SECONDS, kind)
  const warm = await figures(child)
  const cpu = cpuSeconds(child.pid!)
  const published = await publish(redisUrl, seconds, kind)
  const wanted = warm.echoed + warm.lost + published
  const counted = async () => {
    const { echoed, lost } = await figures(child)
    return echoed + lost >= wanted
  }
  await until(counted)
  const micros = ((cpuSeconds(child.pid!) - cpu) / published) * 1e6
  const { echoed, lost, alive } = await figures(child)
  return { published, received: echoed - warm.echoed, lost: lost - warm.lost, micros, memory: { begin: warm.alive, end: alive } }
}

interface Counted {
  readonly echoed: number
  readonly lost: number
  /** MB of objects that are in use. */
  readonly alive: number
}

/** What the process says that it has; it is the same for a while when all of it has arrived. */
async function figures(child: ChildProcess): Promise<Counted> {
  const read = async () => {
    const answer = once(child, 'message') as Promise<[Partial<Counted>]>
    child.send('figures')
    const [{ echoed = 0, lost = 0, alive = 0 }] = await answer
    return { echoed, lost, alive }
  }
  for (let last = await read(); ; ) {
    await pause(1_500)
    const now = await read()
    if (now.echoed === last.echoed && now.lost === last.lost) return now
    last = now
  }
}

let offset = 0
/** Publishes at that rate for so long; answers how many. */
async function publish(redisUrl: string, seconds: number, kind: Kind): Promise<number> {
  const args = [redisUrl, STREAM, `${PER_SECOND}`, `${seconds}`, '10000', `${offset}`, kind]
  const child = start('bench/stream-publisher.ts', args)
  const [{ published }] = (await once(child, 'message')) as [{ published: number }]
  offset += published
  return published
}

async function withProcess<Answer>(file: string, args: readonly string[], use: (child: ChildProcess) => Promise<Answer>): Promise<Answer> {
  offset = 0
  const child = start(file, args)
  try {
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`${file} ended with ${code}`))),
    ])
    return await use(child)
  } finally {
    await ended(child)
  }
}

function start(file: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [...FLAGS, file, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
}

/** Takes every message, and counts the requests for each channel. */
async function startDiscord() {
  const requests = new Map<string, number[]>()
  let messages = 0
  const server = createServer((request, response) => {
    const [, channel = '', message] = /\/channels\/(\d+)\/messages(?:\/(\d+))?/.exec(request.url ?? '') ?? []
    requests.set(channel, [...(requests.get(channel) ?? []), performance.now()])
    request.resume().on('end', () => {
      messages += 1
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ id: message ?? `${200_000_000_000_000_000n + BigInt(messages)}`, channel_id: channel }))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    mostInASecond: () =>
      Math.max(
        ...[...requests.values()].map((times) =>
          Math.max(...times.map((at) => times.filter((each) => each >= at && each < at + 1_000).length)),
        ),
      ),
    close: () => server.close(),
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(200)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
