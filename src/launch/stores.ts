import { join } from 'node:path'
import type { Clock } from '#src/kernel/clock.ts'
import { createKeeper, type Keeper } from './keeper.ts'
import { startPostgres } from './postgres.ts'
import { startRedis } from './redis.ts'
import type { Server } from './run.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface StoresOptions {
  readonly env: Environment
  readonly folder: string
  /** Left out: yes. */
  readonly providePostgres?: boolean
  /** Production never gets the stand-in for Redis. */
  readonly provideRedis: boolean
  /** For the playground: staging gets stores of its own, named by the same variables with `STAGING_` before them. */
  readonly staging?: boolean
  readonly say: (sentence: string) => void
  readonly clock: Clock
  readonly onChange: () => void
}

export interface Stores {
  /** Those that were not given. */
  readonly keepers: Readonly<Partial<Record<'postgres' | 'redis' | 'redis of staging', Keeper>>>
  /** Resolves with the variables that name them, as soon as all of them answer. */
  start(): Promise<Readonly<Record<string, string>>>
  stop(): Promise<void>
}

const stagingDatabase = 'helix_staging'

/** Provides the stores that no variable names: PostgreSQL in the data folder, Redis in memory. */
export function createStores(options: StoresOptions): Stores {
  const { env, folder, providePostgres = true, provideRedis, staging = false, say, clock, onChange } = options
  const shared = { say, clock, onChange }
  const postgres =
    env.DATABASE_URL || !providePostgres
      ? undefined
      : keepServer({ ...shared, name: 'PostgreSQL' }, (last) =>
          startPostgres({
            folder: join(folder, 'postgres'),
            say,
            clock,
            ...(staging && { databases: [stagingDatabase] }),
            ...(last && { port: Number(new URL(last).port) }),
          }),
        )
  const keepRedis = (name: string) =>
    keepServer({ ...shared, name }, (last) => {
      const before = last === undefined ? undefined : new URL(last)
      return startRedis({ path: env.PATH, ...(before && { port: Number(before.port), password: before.password }) })
    })
  const redis = env.REDIS_URL || !provideRedis ? undefined : keepRedis('Redis')
  // Channels know no databases: only a server of its own keeps the messages of one environment from the other.
  const stagingRedis = redis && staging ? keepRedis('Redis of staging') : undefined
  return {
    keepers: { ...(postgres && { postgres }), ...(redis && { redis }), ...(stagingRedis && { 'redis of staging': stagingRedis }) },
    async start() {
      const given: [string, string][] = []
      const provide = async (variable: string, keeper: Keeper<Server> | undefined, sentence?: (server: Server) => string) => {
        if (!keeper) return
        await keeper.start()
        const server = keeper.current()!
        given.push([variable, server.url])
        if (staging && keeper === postgres) given.push([`STAGING_${variable}`, withDatabase(server.url, stagingDatabase)])
        if (sentence) say(sentence(server))
      }
      await Promise.all([
        provide('DATABASE_URL', postgres, (server) => postgresSentence(join(folder, 'postgres'), server)),
        provide('REDIS_URL', redis, (server) => redisSentence('standIn' in server && server.standIn === true)),
        provide('STAGING_REDIS_URL', stagingRedis),
      ])
      return Object.fromEntries(given)
    },
    async stop() {
      await Promise.all([postgres?.stop(), redis?.stop(), stagingRedis?.stop()])
    },
  }
}

function withDatabase(url: string, database: string): string {
  const other = new URL(url)
  other.pathname = `/${database}`
  return other.href
}

function postgresSentence(folder: string, server: Server): string {
  const home = 'home' in server && typeof server.home === 'string' ? server.home : folder
  const why = home === folder ? '' : ', as its user may not enter the data folder'
  return `PostgreSQL: embedded, its data in ${home}${why} (DATABASE_URL is not set).`
}

function redisSentence(standIn: boolean): string {
  return standIn
    ? 'Redis: a stand-in in memory, as no redis-server is installed (REDIS_URL is not set).'
    : "Redis: this machine's redis-server, in memory (REDIS_URL is not set)."
}

/** Each life gets what the one before had: whoever uses it keeps its URL. */
function keepServer(
  options: Pick<StoresOptions, 'say' | 'clock' | 'onChange'> & { readonly name: string },
  run: (last: string | undefined) => Promise<Server>,
): Keeper<Server> {
  let last: string | undefined
  return createKeeper({
    ...options,
    async run() {
      const server = await run(last)
      last = server.url
      return server
    },
  })
}
