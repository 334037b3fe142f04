import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../src/kernel/clock.ts'
import { startPostgres } from '../src/launch/postgres.ts'
import { startRedis } from '../src/launch/redis.ts'
import { tokenFor } from '../test/support/service.ts'
import { createHeartbeatLoad } from './heartbeat-load.ts'
import { median } from './median.ts'
import { cpuSeconds, processTree } from './processes.ts'
import type { Figure } from './run.ts'
import { ended, startServer } from './server.ts'

const AGENTS = 500
const SECONDS = 10
const WARM_UP_SECONDS = 4
const ROUNDS = 3
const LIMIT_CORES = 0.5
const JWT_SECRET = 'a secret that is used by benchmarks alone'
const agents = Array.from({ length: AGENTS }, (_, n) => `agent-${n}`)

/** 500 agents with a heartbeat each second: what the orchestrator uses of the processor, and its stores for it, beside a route that only answers. */
export default async function agentsBench(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'helix-agents-'))
  await chmod(folder, 0o755)
  const postgres = await startPostgres({ folder: join(folder, 'postgres'), say: () => {}, clock: systemClock() })
  const redis = await startRedis({ path: process.env.PATH })
  const env = { PATH: process.env.PATH, NODE_ENV: 'development', PORT: '0', JWT_SECRET, DATABASE_URL: postgres.url, REDIS_URL: redis.url }
  const stores = { postgres: () => cpuOf(postgres.pid), redis: () => cpuOf(redis.pid) }
  try {
    const rounds: { readonly helix: Used; readonly bare: Used }[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const helix = await measured('services/agent-orchestrator/main.ts', env, stores, register)
      const bare = await measured('bench/bare-heartbeat.ts', env, stores)
      rounds.push({ helix, bare })
    }
    const of = (read: (round: (typeof rounds)[number]) => number) => median(rounds.map(read))
    const unit = `cores, medians of ${ROUNDS} alternating runs of ${SECONDS} s, ${AGENTS} agents with a heartbeat each second`
    const limited = (name: string, read: (used: Used) => number): Figure => ({
      name,
      value: of(({ helix }) => read(helix)),
      baseline: LIMIT_CORES,
      unit: `${unit}; limit`,
    })
    return [
      { name: 'heartbeats_service', value: of(({ helix }) => helix.service), baseline: of(({ bare }) => bare.service), unit },
      limited('heartbeats_service_limit', ({ service }) => service),
      limited('heartbeats_postgres', ({ postgres }) => postgres),
      limited('heartbeats_redis', ({ redis }) => redis),
      limited('heartbeats_in_all', ({ service, postgres, redis }) => service + postgres + redis),
    ]
  } finally {
    await Promise.all([postgres.stop(), redis.stop()])
    await rm(folder, { recursive: true, force: true })
  }
}

/** Cores: seconds of the processor for each second. */
interface Used {
  readonly service: number
  readonly postgres: number
  readonly redis: number
}

async function measured(
  file: string,
  env: NodeJS.ProcessEnv,
  stores: { postgres(): number; redis(): number },
  prepare: (url: string) => Promise<void> = async () => {},
): Promise<Used> {
  const { child, url } = await startServer(file, env)
  const token = tokenFor({ sub: 'benchmark' }, JWT_SECRET)
  const load = createHeartbeatLoad({ url, token, agents })
  try {
    await prepare(url)
    await load.run(WARM_UP_SECONDS)
    const read = () => ({ at: performance.now(), service: cpuSeconds(child.pid!), postgres: stores.postgres(), redis: stores.redis() })
    const before = read()
    const { refused } = await load.run(SECONDS)
    const after = read()
    if (refused > 0) throw new Error(`${refused} heartbeats were not answered with 200`)
    const seconds = (after.at - before.at) / 1_000
    const cores = (name: 'service' | 'postgres' | 'redis') => (after[name] - before[name]) / seconds
    return { service: cores('service'), postgres: cores('postgres'), redis: cores('redis') }
  } finally {
    load.close()
    await ended(child)
  }
}

/** The agents, once; and that what they said the last time was kept. */
async function register(url: string): Promise<void> {
  const headers = { authorization: `Bearer ${tokenFor({ sub: 'benchmark' }, JWT_SECRET)}`, 'content-type': 'application/json' }
  const known = await (await fetch(`${url}/api/agents/status`, { headers })).json()
  if (known.agentCount === AGENTS) return
  if (known.agentCount !== 0) throw new Error(`${known.agentCount} of ${AGENTS} agents have a status`)
  for (const agent_id of agents) {
    const body = JSON.stringify({ agent_id, name: agent_id, role: 'benchmark', capabilities: [] })
    const { status } = await fetch(`${url}/api/agents`, { method: 'POST', headers, body })
    if (status !== 200) throw new Error(`${agent_id} was answered with ${status}`)
  }
}

/** A server with the processes that it started. */
function cpuOf(pid: number): number {
  return processTree(pid).reduce((sum, each) => sum + cpuSeconds(each), 0)
}
