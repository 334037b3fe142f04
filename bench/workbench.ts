import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createEmulatedDiscord } from '../playground/discord/emulated-discord.ts'
import { launchValues } from '../playground/discord/seed.ts'
import type { Emulator } from '../playground/emulator.ts'
import { createEmulatedRailway, type EmulatedRailwayGiven } from '../playground/railway/emulated-railway.ts'
import { createPlaygroundServer } from '../playground/server.ts'
import { systemClock } from '../src/kernel/clock.ts'
import type { Log } from '../src/kernel/log.ts'
import { startPostgres } from '../src/launch/postgres.ts'
import { startRedis } from '../src/launch/redis.ts'
import { ended } from './server.ts'

const root = new URL('..', import.meta.url)
const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }

/** Emulators in this process, real stores, and bots as processes of their own: one bot at a time. */
export interface Workbench {
  readonly url: string
  /** Requests that reached the emulated Railway so far. */
  railwayRequests(): number
  /** The product. */
  bot(): Promise<{ stop(): Promise<void> }>
  /** The baseline: discord.js, deferring. */
  bareBot(): Promise<{ stop(): Promise<void> }>
  stop(): Promise<void>
}

/** Services are simulated unless a seed says otherwise: what is measured is the bot. */
export async function startWorkbench(railway: Pick<EmulatedRailwayGiven, 'seed' | 'limits'>): Promise<Workbench> {
  const folder = await mkdtemp(join(tmpdir(), 'helix-workbench-'))
  await chmod(folder, 0o755)
  const clock = systemClock()
  const [postgres, redis] = await Promise.all([
    startPostgres({ folder: join(folder, 'postgres'), say: () => {}, clock }),
    startRedis({ path: process.env.PATH }),
  ])
  let url = ''
  let requests = 0
  const discord = createEmulatedDiscord({ clock, log: silent, publicUrl: () => url })
  const hosted = createEmulatedRailway({ clock, log: silent, root: fileURLToPath(root), baseEnv: {}, ...railway })
  const counted: Emulator = {
    ...hosted,
    routes(scope) {
      scope.addHook('onRequest', async () => {
        requests += 1
      })
      hosted.routes(scope)
    },
  }
  const server = createPlaygroundServer({
    emulators: [discord, counted],
    faults: new Map(),
    state: () => ({}),
    log: silent,
    page: new URL('playground/page/', root),
    packages: new URL('node_modules/', root),
  })
  url = `http://127.0.0.1:${await server.listen(0)}`
  const { botToken, applicationId, guildId, roles } = launchValues()
  const credentials = hosted.credentials()
  const env = {
    ...process.env,
    NODE_ENV: 'development',
    LOG_LEVEL: 'error',
    DISCORD_BOT_TOKEN: botToken,
    DISCORD_CLIENT_ID: applicationId,
    DISCORD_GUILD_ID: guildId,
    DISCORD_API_URL: `${url}/api`,
    RAILWAY_API_URL: `${url}${credentials.path}`,
    RAILWAY_API_TOKEN: credentials.accountToken,
    RAILWAY_PROJECT_ID: credentials.projectId,
    RAILWAY_ENVIRONMENT_ID: credentials.environments.production?.id,
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    HELIX_SECRET_KEY: 'a key that is used by benchmarks alone',
    HELIX_ROLES: Object.entries(roles)
      .map(([role, id]) => `${id}:${role}`)
      .join(','),
  }
  return {
    url,
    railwayRequests: () => requests,
    bot: () => startNode('src/bot.ts', env),
    bareBot: () => startNode('bench/bare-bot.ts', env),
    async stop() {
      await Promise.all([discord.close(), hosted.close()])
      await server.close()
      await Promise.all([postgres.stop(), redis.stop()])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function startNode(file: string, env: NodeJS.ProcessEnv): Promise<{ stop(): Promise<void> }> {
  const child = spawn(process.execPath, [file], { cwd: fileURLToPath(root), env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${file} ended with ${code}`))),
  ])
  return { stop: () => ended(child) }
}
