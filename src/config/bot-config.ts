import { z } from 'zod'
import { roles } from '#src/kernel/command.ts'
import { meshVariables } from './mesh-variables.ts'
import { secret, secretsDiffer } from './service-base-variables.ts'
import { serviceVariables } from './service-variables.ts'
import { speechVariables } from './speech-variables.ts'
import { tracingVariables } from './tracing-variables.ts'
import { baseVariables, databaseUrl, hookUrl, poolSize, redisUrl, wholeNumber } from './variables.ts'

const snowflake = z.string().regex(/^\d{17,20}$/, 'must be a Discord id: 17 to 20 digits')
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' })
/** `fetch` refuses an address with a user in it, and names it as it does. */
const heartbeatUrl = hookUrl.refine(
  (text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''),
  'must have no user and no password in it',
)
const uuid = z.guid({ error: 'must be an id as Railway writes it (a UUID)' })
/** Id, time and signature of the bot, each in base64url. What else it is, only Discord knows. */
const botToken = z
  .string()
  .regex(
    /^[\w-]+\.[\w-]+\.[\w-]+$/,
    'must be a bot token: three parts with dots between them, as the Bot page of your application shows it once',
  )
/** Services that may be given a role with which they call commands. */
const callers = Object.keys(serviceVariables)
/** One that asks for operations on the channel agent:coordination. */
const agent = /^agent:[\w.-]{1,100}$/
const grant = z.string().regex(/^\d{17,20}:(viewer|operator|deployer|admin)$/)
const grants = z.string().transform((text, context) => {
  const entries = text.split(',').map((entry) => entry.trim())
  if (entries.some((entry) => !grant.safeParse(entry).success)) {
    context.addIssue({ code: 'custom', message: `must read <role id>:<${roles.join('|')}>, separated by commas` })
    return z.NEVER
  }
  return entries.map((entry) => {
    const [roleId = '', role = ''] = entry.split(':')
    return { roleId, role: roles.find((each) => each === role)! }
  })
})

const serviceGrants = z.string().transform((text, context) => {
  const entries = text.split(',').map((entry) => {
    const at = entry.lastIndexOf(':')
    return [entry.slice(0, Math.max(at, 0)).trim(), entry.slice(at + 1).trim()] as const
  })
  const isGrant = ([caller, role]: readonly [string, string]) =>
    (callers.some((each) => each === caller) || agent.test(caller)) && roles.some((each) => each === role)
  const named = entries.map(([caller]) => caller)
  if (!entries.every(isGrant) || new Set(named).size < named.length) {
    const message = `must read <service>:<${roles.join('|')}>, separated by commas, each service once: ${callers.join(', ')}, agent:<agent id>`
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
  return entries.map(([caller, role]) => ({ roleId: `token:${caller}`, role: roles.find((each) => each === role)! }))
})

const RAILWAY_NEEDS = {
  token: 'RAILWAY_TOKEN (of a project) or RAILWAY_API_TOKEN (of an account or workspace) is missing',
  project: 'RAILWAY_PROJECT_ID is missing (only a project token tells it by itself)',
  environment: 'RAILWAY_ENVIRONMENT_ID is missing (only a project token tells it by itself)',
} as const

type Given = Readonly<Record<string, unknown>>

/** Checked whatever else is wrong, so that one start names everything that is missing. */
function needs(has: (given: Given) => unknown, message: string) {
  return [(given: Given) => Boolean(has(given)), { error: message, when: () => true }] as const
}

function onlyWide({ RAILWAY_TOKEN, RAILWAY_API_TOKEN }: Given): boolean {
  return Boolean(RAILWAY_API_TOKEN) && !RAILWAY_TOKEN
}

/** The bot's variables. DESIGN's names; what is optional has its default here. */
export const botConfig = z
  .object({
    DISCORD_BOT_TOKEN: botToken,
    DISCORD_CLIENT_ID: snowflake,
    DISCORD_GUILD_ID: snowflake.optional(),
    DISCORD_API_URL: httpUrl.default('https://discord.com/api'),
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    DB_POOL_SIZE: poolSize,
    HELIX_SECRET_KEY: secret,
    HELIX_ROLES: grants.default([]),
    HELIX_SERVICE_ROLES: serviceGrants.default([]),
    HELIX_ROLE: z.enum(['all', 'gateway', 'worker'], 'must be all, gateway or worker').default('all'),
    RAILWAY_TOKEN: z.string().optional(),
    RAILWAY_API_TOKEN: z.string().optional(),
    RAILWAY_PROJECT_ID: uuid.optional(),
    RAILWAY_ENVIRONMENT_ID: uuid.optional(),
    RAILWAY_API_URL: httpUrl.default('https://backboard.railway.com/graphql/v2'),
    CLAUDE_API_URL: httpUrl.optional(),
    /** The last part of the address of Railway's webhooks. Left out: it follows from HELIX_SECRET_KEY. */
    RAILWAY_WEBHOOK_SECRET: z
      .string()
      .regex(/^[\w-]{16,100}$/, 'must have 16 to 100 letters, digits, _ or -')
      .optional(),
    /** Set by Railway where the bot has a public domain. */
    RAILWAY_PUBLIC_DOMAIN: z.string().optional(),
    /** From one reading of an environment to the next: each is a request of Railway's budget (1,000 an hour on Hobby). */
    HELIX_HEALTH_INTERVAL_SECONDS: wholeNumber(5, 3_600).default(60),
    /** Alert rules as code. */
    ALERTS_FILE: z.string().default('alerts.yaml'),
    /** Asked every minute while Helix watches, so that somebody outside hears when it does not. */
    HEARTBEAT_URL: heartbeatUrl.optional(),
    JWT_SECRET: secret.optional(),
    SERVICE_MESH_SECRET: secret.optional(),
    ...meshVariables,
    ...speechVariables,
    ...tracingVariables,
    ...baseVariables,
  })
  .refine(...secretsDiffer)
  .refine(...needs(({ RAILWAY_TOKEN, RAILWAY_API_TOKEN }) => RAILWAY_TOKEN ?? RAILWAY_API_TOKEN, RAILWAY_NEEDS.token))
  .refine(...needs((given) => (onlyWide(given) ? given.RAILWAY_PROJECT_ID : true), RAILWAY_NEEDS.project))
  .refine(...needs((given) => (onlyWide(given) ? given.RAILWAY_ENVIRONMENT_ID : true), RAILWAY_NEEDS.environment))

export type BotConfig = z.output<typeof botConfig>
