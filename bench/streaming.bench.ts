import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { createRedis } from '../src/adapters/redis/redis.ts'
import { systemClock } from '../src/kernel/clock.ts'
import type { Log } from '../src/kernel/log.ts'
import { startRedis } from '../src/launch/redis.ts'
import { createStreams } from '../src/streams/streams.ts'
import { median } from './median.ts'
import { cpuSeconds } from './processes.ts'
import type { Figure } from './run.ts'
import { type Server, startServer } from './server.ts'

const CLIENTS = 1_000
const LISTENING_PROCESSES = 2
const MESSAGE_BYTES = 1_024
/** Of one saturating run; so many are on their way at once. */
const MESSAGES = 400
const WINDOW = 40
const PACED_SECONDS = 4
const ROUNDS = 3
const CHANNEL = 'consciousness_stream'
const JWT_SECRET = 'a secret that is used by benchmarks alone'
const LONGEST_P99_MS = 50

const root = new URL('..', import.meta.url)
const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }
type Publish = (sent: string) => Promise<unknown>

/** 1,000 clients in other processes, messages of 1 KB over a real Redis: websocket-streaming beside a bare broadcast with ws. */
export default async function streaming(): Promise<readonly Figure[]> {
  const server = await startRedis({ path: process.env.PATH })
  if (server.standIn) throw new Error('Streaming is measured on a real redis-server: install one.')
  const redis = createRedis({ url: server.url, log: silent })
  const streams = createStreams({ redis, clock: systemClock(), log: silent })
  const foreign = new Redis(server.url)
  const bare = () =>
    measured(
      startServer('bench/bare-broadcast.ts', process.env, [server.url, CHANNEL]),
      (sent) => foreign.publish(CHANNEL, JSON.stringify(message(sent))),
      0,
    )
  const helix = (stalled: number, rate: number) =>
    measured(startService(server.url), (sent) => streams.publish(CHANNEL, message(sent)), stalled, rate)
  try {
    const rounds: { readonly baseline: Measured; readonly alone: Measured; readonly beside: Measured }[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const baseline = await bare()
      rounds.push({ baseline, alone: await helix(0, baseline.paced), beside: await helix(1, baseline.paced) })
    }
    const of = (read: (round: (typeof rounds)[number]) => number) => median(rounds.map(read))
    const best = (read: (round: (typeof rounds)[number]) => number) => Math.min(...rounds.map(read))
    const unit = `medians of ${ROUNDS} alternating runs, ${CLIENTS} clients`
    // Whatever else the machine does only adds to a latency.
    const latency = `ms, the best of ${ROUNDS} runs, at half the deliveries of the bare broadcast; limit`
    return [
      figure(
        'streaming_deliveries',
        of(({ alone }) => alone.perSecond),
        of(({ baseline }) => baseline.perSecond),
        `a second, ${unit}`,
      ),
      figure(
        'streaming_cpu',
        of(({ alone }) => alone.cpuMicros),
        of(({ baseline }) => baseline.cpuMicros),
        `µs of the server each, ${unit}`,
      ),
      figure(
        'streaming_p99',
        best(({ alone }) => alone.p99),
        LONGEST_P99_MS,
        latency,
      ),
      figure(
        'streaming_p99_bare',
        best(({ baseline }) => baseline.p99),
        LONGEST_P99_MS,
        latency,
      ),
      figure(
        'streaming_deliveries_one_stalled',
        of(({ beside }) => beside.perSecond),
        of(({ alone }) => alone.perSecond),
        `a second, ${unit}`,
      ),
      figure(
        'streaming_p99_one_stalled',
        best(({ beside }) => beside.p99),
        LONGEST_P99_MS,
        latency,
      ),
    ]
  } finally {
    foreign.disconnect()
    await streams.close()
    await redis.close()
    await server.stop()
  }
}

interface Measured {
  /** Deliveries a second as fast as it goes. */
  readonly perSecond: number
  readonly cpuMicros: number
  /** Of deliveries at `paced`, in ms. */
  readonly p99: number
  /** Messages a second: half of what the bare broadcast of the same round could do. */
  readonly paced: number
}

async function measured(starting: Promise<Server>, publish: Publish, stalled: number, rate?: number): Promise<Measured> {
  const { url, child } = await starting
  const listeners = await startListeners(url, stalled)
  try {
    await saturate(listeners, publish, MESSAGES / 4)
    const before = cpuSeconds(child.pid!)
    const seconds = await saturate(listeners, publish, MESSAGES)
    const deliveries = CLIENTS * MESSAGES
    const cpuMicros = ((cpuSeconds(child.pid!) - before) / deliveries) * 1e6
    const paced = rate ?? deliveries / seconds / CLIENTS / 2
    await listeners.latencies()
    await pace(listeners, publish, paced)
    return { perSecond: deliveries / seconds, cpuMicros, p99: quantile(await listeners.latencies(), 0.99), paced }
  } finally {
    await listeners.stop()
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
  }
}

/** As fast as it goes: a new message for each that all clients have. Answers the seconds that it took. */
async function saturate(listeners: Listeners, publish: Publish, messages: number): Promise<number> {
  const begin = await listeners.count()
  const started = performance.now()
  let published = 0
  for (let delivered = 0; delivered < messages; delivered = Math.floor(((await listeners.count()) - begin) / CLIENTS)) {
    while (published < messages && published < delivered + WINDOW) {
      published += 1
      void publish(stamp())
    }
    await pause(2)
  }
  return (performance.now() - started) / 1_000
}

/** Evenly spaced, whatever the deliveries take. */
async function pace(listeners: Listeners, publish: Publish, perSecond: number): Promise<void> {
  const begin = await listeners.count()
  const messages = Math.round(perSecond * PACED_SECONDS)
  const started = performance.now()
  for (let index = 0; index < messages; index += 1) {
    await pause(started + (index * 1_000) / perSecond - performance.now())
    void publish(stamp())
  }
  while ((await listeners.count()) - begin < messages * CLIENTS) await pause(20)
}

interface Listeners {
  /** Deliveries so far, to all of them. */
  count(): Promise<number>
  /** How many had which latency in ms, since this was last asked. */
  latencies(): Promise<ReadonlyMap<number, number>>
  stop(): Promise<void>
}

interface Report {
  readonly count: number
  readonly latencies: readonly (readonly [ms: number, number: number])[]
}

async function startListeners(url: string, stalled: number): Promise<Listeners> {
  const file = fileURLToPath(new URL('bench/stream-listeners.ts', root))
  const start = async (many: number, subject: string, env: object = {}) => {
    const child = startNode([file, url, `${many}`, token(subject)], { ...process.env, ...env })
    await once(child, 'message')
    return child
  }
  const counting = await Promise.all(
    Array.from({ length: LISTENING_PROCESSES }, (_, index) => start(CLIENTS / LISTENING_PROCESSES, `listener ${index}`)),
  )
  const silentOnes = stalled > 0 ? [await start(stalled, 'stalled', { STALLED: '1' })] : []
  const kept = new Map<number, number>()

  async function reports(): Promise<number> {
    const answers = counting.map(async (child) => {
      const answer = once(child, 'message') as Promise<[Report]>
      child.send('report')
      return (await answer)[0]
    })
    const all = await Promise.all(answers)
    for (const { latencies } of all) for (const [ms, number] of latencies) kept.set(ms, (kept.get(ms) ?? 0) + number)
    return all.reduce((sum, { count }) => sum + count, 0)
  }

  return {
    count: reports,
    async latencies() {
      await reports()
      const taken = new Map(kept)
      kept.clear()
      return taken
    },
    async stop() {
      for (const child of [...counting, ...silentOnes]) {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
    },
  }
}

/** The product as it is deployed. */
function startService(redisUrl: string): Promise<Server> {
  const env = { PATH: process.env.PATH, PORT: '0', REDIS_URL: redisUrl, JWT_SECRET, NODE_ENV: 'development' }
  return startServer('services/websocket-streaming/main.ts', env)
}

function startNode(args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, [...args], { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
}

function message(sent: string): Readonly<Record<string, unknown>> {
  const own = { sent: Number(sent), agent_id: 'bench', consciousness_level: 7.5, fill: '' }
  return { ...own, fill: 'x'.repeat(MESSAGE_BYTES - JSON.stringify(own).length) }
}

/** As JSON writes it, and always of the same length: milliseconds with two decimals, the last of them no zero. */
function stamp(): string {
  const hundredths = Math.round((performance.timeOrigin + performance.now()) * 100)
  return (hundredths % 10 === 0 ? (hundredths + 1) / 100 : hundredths / 100).toFixed(2)
}

function token(sub: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub })}`
  return `${signed}.${createHmac('sha256', JWT_SECRET).update(signed).digest('base64url')}`
}

function quantile(counts: ReadonlyMap<number, number>, share: number): number {
  const all = [...counts].sort(([a], [b]) => a - b)
  const wanted = share * all.reduce((sum, [, number]) => sum + number, 0)
  let seen = 0
  for (const [ms, number] of all) {
    seen += number
    if (seen >= wanted) return ms
  }
  return 0
}

function figure(name: string, value: number, baseline: number, unit: string): Figure {
  return { name, value, baseline, unit }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
}
