import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { systemClock } from '../src/kernel/clock.ts'
import { startPostgres } from '../src/launch/postgres.ts'
import { startRedis } from '../src/launch/redis.ts'
import { median } from './median.ts'
import type { Figure } from './run.ts'
import { ended, startServer } from './server.ts'
import type { LoadOrder, LoadResult } from './webhook-load.ts'

const PER_SECOND = 1_000
const SECONDS = 10
const WARM_UP_SECONDS = 3
const ROUNDS = 3
const secret = 'what the webhooks of benchmarks are signed with'
const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * 1,000 signed webhooks a second from another process: the service as it runs, with a PostgreSQL that syncs to disk and a Redis that it
 * tells of each; beside it, in the same run, a bare route with one INSERT each.
 */
export default async function webhooks(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'helix-webhooks-'))
  await chmod(folder, 0o755)
  const postgres = await startPostgres({ folder: join(folder, 'postgres'), say: () => {}, clock: systemClock() })
  const redis = await startRedis({ path: process.env.PATH })
  const load = await startLoad()
  try {
    const rounds: { helix: LoadResult; bare: LoadResult }[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const helix = await measured(
        'services/zapier-integration/main.ts',
        await emptyDatabase(postgres.url, `helix_${round}`),
        redis.url,
        load,
      )
      const bare = await measured('bench/bare-webhook.ts', await emptyDatabase(postgres.url, `bare_${round}`), redis.url, load)
      rounds.push({ helix, bare })
    }
    const figure = (name: string, of: (result: LoadResult) => number, unit: string): Figure => ({
      name,
      value: median(rounds.map(({ helix }) => of(helix))),
      baseline: median(rounds.map(({ bare }) => of(bare))),
      unit: `${unit}, medians of ${ROUNDS} alternating runs of ${SECONDS} s at ${PER_SECOND} a second`,
    })
    return [
      figure('webhooks_accepted', ({ accepted, seconds }) => accepted / seconds, 'a second'),
      figure('webhooks_p50', ({ p50 }) => p50, 'ms'),
      figure('webhooks_p99', ({ p99 }) => p99, 'ms'),
    ]
  } finally {
    await load.stop()
    await Promise.all([postgres.stop(), redis.stop()])
    await rm(folder, { recursive: true, force: true })
  }
}

interface Load {
  run(order: LoadOrder): Promise<LoadResult>
  stop(): Promise<void>
}

async function startLoad(): Promise<Load> {
  const child = spawn(process.execPath, ['bench/webhook-load.ts'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  await once(child, 'message')
  return {
    async run(order) {
      const answer = once(child, 'message')
      child.send(order)
      const [result] = await answer
      return result
    },
    stop: () => ended(child),
  }
}

async function measured(file: string, databaseUrl: string, redisUrl: string, load: Load): Promise<LoadResult> {
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'development',
    PORT: '0',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    ZAPIER_SECRET: secret,
    JWT_SECRET: 'a secret of benchmarks that is long enough',
  }
  const { child, url } = await startServer(file, env)
  try {
    await load.run({ url, secret, perSecond: PER_SECOND, seconds: WARM_UP_SECONDS })
    return await load.run({ url, secret, perSecond: PER_SECOND, seconds: SECONDS })
  } finally {
    await ended(child)
  }
}

async function emptyDatabase(server: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(`CREATE DATABASE ${name}`)
  await client.end()
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}
