import { sql } from 'kysely'
import type { DiscordInspection } from './adapters/discord/discord.ts'
import type { RailwayAccess } from './adapters/railway/railway.ts'
import type { RedisConnection } from './adapters/redis/redis.ts'
import { pendingMigrations } from './adapters/store/pending.ts'
import type { Store } from './adapters/store/store.ts'
import type { RulesFileState } from './alerts/alerts.ts'
import { botConfig } from './config/bot-config.ts'
import { type Environment, readConfig } from './config/read-config.ts'
import { isBotName, serviceNeeds } from './config/service-needs.ts'
import type { Posts } from './delivery/posts.ts'
import { alertsArea } from './doctor/alerts-area.ts'
import { createBackendUsers } from './doctor/backend-users.ts'
import { createDoctor } from './doctor/create-doctor.ts'
import { discordArea } from './doctor/discord-area.ts'
import type { Doctor } from './doctor/doctor.ts'
import { type Area, findingsOf } from './doctor/finding.ts'
import { googleArea } from './doctor/google-area.ts'
import { createReadMatrix } from './doctor/matrix-area.ts'
import { peersArea } from './doctor/peers-area.ts'
import { railwayArea } from './doctor/railway-area.ts'
import { type StoreWord, storesArea } from './doctor/stores-area.ts'
import { variablesArea } from './doctor/variables-area.ts'
import { versionsArea } from './doctor/versions-area.ts'
import type { Environments } from './environments/environments.ts'
import type { Clock } from './kernel/clock.ts'
import { ConfigError } from './kernel/errors.ts'
import type { Log } from './kernel/log.ts'
import type { Mesh } from './mesh/mesh.ts'
import type { Probed } from './probes/probe.ts'
import { inviteLink } from './setup/invite-link.ts'

/** What there is to look at; what is undefined is missing, and is said to be. */
export interface DoctorGiven {
  readonly environment: Environment
  readonly version: string
  readonly store: Pick<Store, 'db'> | undefined
  readonly redis: Pick<RedisConnection, 'client' | 'check'> | undefined
  readonly railway: { readonly access: RailwayAccess; readonly environments: Pick<Environments, 'state'> }
  readonly discord:
    | {
        readonly inspection: DiscordInspection
        readonly commandDiff: () => Promise<readonly string[]>
        /** What Discord refuses to show. */
        readonly refused?: Posts['refused']
        /** Of this process' gateway session, where it has one. */
        readonly ping?: () => number | undefined
      }
    | undefined
  /** The alert rules that are written as code; left out: nobody reads them here. */
  readonly alertsFile?: () => RulesFileState
  readonly mesh: Pick<Mesh, 'states'>
  readonly probed: () => Promise<readonly Probed[]>
  readonly clock: Clock
  readonly log: Log
}

/** The doctor of the bot and of `npm run doctor`: the same areas, whichever of their parts are there. */
export function assembleDoctor(given: DoctorGiven): Doctor {
  const { environment, version, store, redis, railway, discord, alertsFile, mesh, probed, clock, log } = given
  const users = store && createBackendUsers({ store })
  const credentials = (['GOOGLE_CLOUD_KEY', 'GOOGLE_APPLICATION_CREDENTIALS'] as const).find((name) => environment[name])
  const areas: readonly Area[] = [
    variablesArea({
      environment,
      known: Object.keys(botConfig.shape),
      provided: environment.NODE_ENV === 'production' ? [] : fromLauncher,
      check: () => faultsOf(environment),
    }),
    discord
      ? discordArea({ ...discord, channelsInUse: channelsInUse(store), inviteLink: inviteLink(environment.DISCORD_CLIENT_ID ?? ''), clock })
      : notLookedAt,
    railwayArea({ access: railway.access, clock }),
    storesArea({
      postgres: store && (() => postgresWord(store)),
      redis: redis && (() => redisWord(redis)),
      pending: store && (() => pendingMigrations(store)),
      users,
      clock,
    }),
    peersArea({ states: mesh.states, probed, clock }),
    googleArea({ credentials }),
    ...(alertsFile ? [alertsArea(alertsFile)] : []),
    versionsArea({ helix: version, node: process.version }),
  ]
  const matrix = createReadMatrix({ ...railway, needs: serviceNeeds, ownService: environment.RAILWAY_SERVICE_ID, isBotName })
  return createDoctor({ areas, matrix, users, clock, log })
}

/** Stores and secrets that the launcher has outside production. */
const fromLauncher = ['DATABASE_URL', 'REDIS_URL', 'HELIX_SECRET_KEY']

const notLookedAt: Area = {
  name: 'Discord',
  examine: async () => [findingsOf('Discord').unknown('Examination', 'Not looked at: there is no usable bot token, or no application id.')],
}

function faultsOf(environment: Environment): readonly string[] {
  try {
    readConfig(botConfig, environment)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

/** Where living messages stand. That the database is away is a finding of its own. */
function channelsInUse(store: DoctorGiven['store']): (guild: string) => Promise<readonly string[]> {
  return async (guild) => {
    if (!store) return []
    const query = store.db
      .selectFrom('messages')
      .select('channel')
      .distinct()
      .where('guild', '=', guild)
      .where('gone', 'is', null)
      .limit(100)
    const rows = await query.execute().catch(() => [])
    return rows.map(({ channel }) => channel)
  }
}

async function postgresWord({ db }: Pick<Store, 'db'>): Promise<StoreWord> {
  const query = sql<{ now: Date; version: string }>`SELECT clock_timestamp() AS now, current_setting('server_version') AS version`
  const [row] = (await query.execute(db)).rows
  return { now: row!.now, version: row!.version }
}

/** A stand-in may know no INFO; it has a clock all the same. */
async function redisWord({ client, check }: Pick<RedisConnection, 'client' | 'check'>): Promise<StoreWord> {
  await check()
  const [seconds, microseconds] = await client.time()
  const info = await client.info('server').catch(() => '')
  return { now: new Date(Number(seconds) * 1_000 + Number(microseconds) / 1_000), version: /redis_version:([\d.]+)/.exec(info)?.[1] }
}
