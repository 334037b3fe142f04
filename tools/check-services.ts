import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { createRailway } from '#src/adapters/railway/create-railway.ts'
import { checkedLines, checkServices, environmentNamed, type Located, locatedIn } from '#src/check-services.ts'
import { helixVersion } from '#src/config/version.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { ConfigError, UpstreamError, UserError } from '#src/kernel/errors.ts'
import { peerVariable } from '#src/kernel/peers.ts'
import { readBotVariables } from '#src/launch/bot-variables-file.ts'
import { createTokens } from '#src/tokens/create-tokens.ts'
import type { Tokens } from '#src/tokens/tokens.ts'
import { createUserToken } from '#src/tokens/user-token.ts'

/** `npm run check-services [local|staging|production]`: each service from outside. Exit code 0: all are well; 1: one is not; 2: none could be looked for. */
const ports = { 'websocket-streaming': 4101, 'agent-orchestrator': 4102, 'voice-processor': 4103, 'zapier-integration': 4104 } as const
const minuteMs = 60_000

const root = new URL('../', import.meta.url)
const dotenv = fileURLToPath(new URL('.env', root))
if (existsSync(dotenv)) process.loadEnvFile(dotenv)
const clock = systemClock()
const say = (line: string) => void process.stdout.write(`${line}\n`)

const [where = 'local', ...more] = process.argv.slice(2)
if (!['local', 'staging', 'production'].includes(where) || more.length > 0) {
  say('Which? npm run check-services [-- local|staging|production]')
  process.exitCode = 2
} else {
  try {
    process.exitCode = await main(where)
  } catch (error) {
    if (!(error instanceof UserError || error instanceof UpstreamError || error instanceof ConfigError)) throw error
    say(error.message)
    process.exitCode = 2
  }
}

async function main(environment: string): Promise<number> {
  const base = process.env.HELIX_DATA ? resolve(process.env.HELIX_DATA) : fileURLToPath(new URL('.helix', root))
  // With a bot token of one's own the playground is not what is meant.
  const playground = process.env.DISCORD_BOT_TOKEN ? undefined : readBotVariables(base, 'playground')
  const variables = { ...secretsOfServicesAlone(base), ...playground, ...withoutEmpty(process.env) }
  const located = environment === 'local' ? locals(variables) : await onRailway(variables, environment)
  const { tokens, by } = tokensOf(variables)
  const isOfPlayground = playground !== undefined && !(environment === 'local' && areNamed(located))
  const from = environment === 'local' ? 'on this machine' : `in ${environment}, by their public domains`
  say(`Services ${from}${isOfPlayground ? ' (of the playground that runs here)' : ''}. ${by}\n`)
  if (located.length === 0) throw new UserError('There is no service with a public domain there.')
  const checked = await checkServices(located, { tokens, clock })
  for (const line of checkedLines(checked)) say(line)
  const ill = checked.filter(({ well }) => well === false)
  say(`\n${ill.length === 0 ? 'All that could be asked are well.' : `Not well: ${ill.map(({ name }) => name).join(', ')}.`}`)
  return ill.length === 0 ? 0 : 1
}

/** Whoever names each service himself does not look at the playground's. */
function areNamed(located: readonly Located[]): boolean {
  return located.every(({ name }) => process.env[peerVariable[name as keyof typeof ports]])
}

function locals(variables: Readonly<Record<string, string>>): readonly Located[] {
  return Object.entries(ports).map(([name, port]) => {
    const target = name as keyof typeof ports
    const given = variables[peerVariable[target]]
    if (given !== undefined && !URL.canParse(given)) throw new UserError(`${peerVariable[target]} must be an http or https URL.`)
    return { name, target, url: new URL(given ?? `http://127.0.0.1:${port}`) }
  })
}

async function onRailway(variables: Readonly<Record<string, string>>, name: string): Promise<readonly Located[]> {
  const { RAILWAY_TOKEN, RAILWAY_API_TOKEN, RAILWAY_PROJECT_ID, RAILWAY_API_URL = 'https://backboard.railway.com/graphql/v2' } = variables
  if (!RAILWAY_TOKEN && !RAILWAY_API_TOKEN)
    throw new UserError('RAILWAY_TOKEN or RAILWAY_API_TOKEN is missing: it tells where the services are.')
  const token = RAILWAY_TOKEN
    ? ({ kind: 'project', value: RAILWAY_TOKEN } as const)
    : ({ kind: 'account', value: RAILWAY_API_TOKEN ?? '' } as const)
  const railway = createRailway({ url: RAILWAY_API_URL, token, version: helixVersion(), clock, log: pino({ level: 'silent' }) })
  try {
    return locatedIn(await environmentNamed(railway, RAILWAY_PROJECT_ID, name))
  } finally {
    await railway.close()
  }
}

/** With whichever secret there is; without any only what is open can be asked. */
function tokensOf({ SERVICE_MESH_SECRET: meshSecret, JWT_SECRET: jwt }: Readonly<Record<string, string>>): {
  tokens: Pick<Tokens, 'forService'>
  by: string
} {
  if (meshSecret)
    return {
      tokens: createTokens({ meshSecret, service: 'bot', defaultRole: 'viewer', clock }),
      by: 'Asked as the bot (SERVICE_MESH_SECRET).',
    }
  if (!jwt) {
    const tokens = createTokens({ service: 'bot', defaultRole: 'viewer', clock })
    return { tokens, by: 'There is no SERVICE_MESH_SECRET and no JWT_SECRET: only what is open is looked at.' }
  }
  const forService = () => {
    const issuedAt = clock.now()
    return createUserToken(jwt, {
      subject: 'check-services',
      role: 'operator',
      issuedAt,
      expiresAt: new Date(issuedAt.getTime() + minuteMs),
    })
  }
  return { tokens: { forService }, by: 'Asked as a user (JWT_SECRET).' }
}

/** Those that `npm run service` made for services that it started alone. */
function secretsOfServicesAlone(base: string): Readonly<Record<string, string>> {
  const path = join(base, 'services', 'secrets.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>) : {}
}

function withoutEmpty(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value ? [[name, value]] : [])))
}
