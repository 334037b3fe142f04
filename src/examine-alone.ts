import { z } from 'zod'
import { createDiscordCommands } from './adapters/discord/commands.ts'
import { createDiscordInspection } from './adapters/discord/inspection.ts'
import { createRailway } from './adapters/railway/create-railway.ts'
import type { RailwayAccess } from './adapters/railway/railway.ts'
import { createRedis } from './adapters/redis/redis.ts'
import { createStore } from './adapters/store/create-store.ts'
import { assembleDoctor } from './assemble-doctor.ts'
import { botConfig } from './config/bot-config.ts'
import { meshVariables } from './config/mesh-variables.ts'
import type { Environment } from './config/read-config.ts'
import { helixVersion } from './config/version.ts'
import type { Examination } from './doctor/doctor.ts'
import { createRegistration } from './doors/registration.ts'
import { createEnvironments } from './environments/create-environments.ts'
import type { Place } from './kernel/call.ts'
import type { Clock } from './kernel/clock.ts'
import { UserError } from './kernel/errors.ts'
import { loadCommands } from './kernel/load.ts'
import type { Log } from './kernel/log.ts'
import { createMesh } from './mesh/create-mesh.ts'
import { configuredPlace } from './places/configured-place.ts'
import { createProbes } from './probes/create-probes.ts'
import { wakesNothing } from './probes/wakes-nothing.ts'
import { createTokens } from './tokens/create-tokens.ts'
import { noTracing } from './tracing/tracing.ts'

export interface AloneGiven {
  /** The bot's variables, as far as there are any. */
  readonly environment: Environment
  readonly clock: Clock
  readonly log: Log
}

/**
 * The doctor without a running bot: connects to whatever the variables name, looks, and leaves. No gateway session is opened (it would
 * disturb the bot's own), no migration run, nothing written.
 */
export async function examineAlone({ environment, clock, log }: AloneGiven): Promise<Examination> {
  const version = helixVersion()
  const given = readable(environment)
  const config = z.object(botConfig.shape).partial().parse(given)
  const { DATABASE_URL, REDIS_URL, DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, DISCORD_API_URL, RAILWAY_API_URL, CLAUDE_API_URL } = config
  const store = DATABASE_URL === undefined ? undefined : createStore({ url: DATABASE_URL, poolSize: 2, log })
  const redis = REDIS_URL === undefined ? undefined : createRedis({ url: REDIS_URL, log })
  const connect = (token: Parameters<typeof createRailway>[0]['token']) =>
    createRailway({ url: RAILWAY_API_URL!, token, version, clock, log })
  const hasToken = config.RAILWAY_TOKEN !== undefined || config.RAILWAY_API_TOKEN !== undefined
  const configured = hasToken && RAILWAY_API_URL !== undefined ? configuredPlace(config, connect) : undefined
  configured?.catch(() => undefined) // Whoever needs the place is told why there is none.
  const railway = configured?.then(({ token }) => connect(token))
  railway?.catch(() => undefined)
  const access: RailwayAccess = async () => {
    if (!railway) throw new UserError('Not looked at: there is no Railway token (RAILWAY_TOKEN or RAILWAY_API_TOKEN).')
    return railway
  }
  const environments = createEnvironments({ access, clock, log })
  const tokens = createTokens({ meshSecret: config.SERVICE_MESH_SECRET, service: 'bot', defaultRole: 'viewer', clock })
  const mesh = createMesh({
    self: 'bot',
    config: z.object(meshVariables).parse(given),
    tokens,
    tracing: noTracing,
    clock,
    log,
  })
  const probes = createProbes({ mesh, tokens, clock, log, claude: CLAUDE_API_URL === undefined ? undefined : new URL(CLAUDE_API_URL) })
  const book = await loadCommands(new URL('../commands/', import.meta.url))
  const at = { token: DISCORD_BOT_TOKEN ?? '', apiUrl: DISCORD_API_URL ?? '', log }
  const commands = createDiscordCommands({ ...at, applicationId: DISCORD_CLIENT_ID ?? '' })
  const registration = createRegistration(book, commands, config.DISCORD_GUILD_ID)
  const place = placeOf(await configured?.catch(() => undefined), config.DISCORD_GUILD_ID)
  const doctor = assembleDoctor({
    environment,
    ...{ version, store, redis, mesh, clock, log },
    railway: { access, environments },
    discord:
      DISCORD_BOT_TOKEN === undefined || DISCORD_CLIENT_ID === undefined || DISCORD_API_URL === undefined
        ? undefined
        : { inspection: createDiscordInspection(at), commandDiff: registration.differences },
    probed: async () => {
      const known = await environments.state(place).catch(() => undefined)
      return probes.run(wakesNothing(known ? [known.state] : [], place.environment))
    },
  })
  try {
    return await doctor.examine(place)
  } finally {
    await Promise.all([store?.close(), redis?.close(), railway?.then((client) => client.close()).catch(() => undefined)])
  }
}

/** The variables that can be read by themselves, whatever the others are; the doctor names those that cannot. */
function readable(environment: Environment): Record<string, string> {
  const shape: Readonly<Record<string, z.ZodType>> = botConfig.shape
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value !== undefined && value.trim() !== '' && shape[name]?.safeParse(value).success ? [[name, value]] : [],
    ),
  )
}

function placeOf(configured: { readonly project: string; readonly environment: string } | undefined, guild = ''): Place {
  return { guild, project: configured?.project ?? '', environment: configured?.environment ?? '' }
}
