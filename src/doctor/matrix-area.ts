import type { RailwayAccess } from '#src/adapters/railway/railway.ts'
import type { ServiceNeeds } from '#src/config/service-needs.ts'
import type { Environments } from '#src/environments/environments.ts'
import type { Place } from '#src/kernel/call.ts'
import type { ServiceRef } from '#src/kernel/directory.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { andList, count } from '#src/kernel/say.ts'
import { type Finding, findingsOf } from './finding.ts'
import { botTokens, type Foreign, type Matrix, type MatrixRow, matrixOf } from './matrix.ts'

export interface MatrixParts {
  readonly access: RailwayAccess
  readonly environments: Pick<Environments, 'state'>
  readonly needs: (service: string) => ServiceNeeds | undefined
  /** `RAILWAY_SERVICE_ID`, which Railway gives to whatever runs there: the bot's own service, where it runs in this project. */
  readonly ownService: string | undefined
  /** Whether a service is the bot by its name, where nothing better tells. */
  readonly isBotName: (service: string) => boolean
}

/** The matrix of a place's environment, or why it cannot be seen. */
export type ReadMatrix = (place: Place) => Promise<Matrix | Finding>

const { ok, warning, problem, unknown } = findingsOf('Services')

/** Services and the names of their variables: one request beside the reading of the environment that is shared anyway. */
export function createReadMatrix({ access, environments, needs, ownService, isBotName }: MatrixParts): ReadMatrix {
  return async (place) => {
    const { state } = await environments.state(place)
    try {
      const variables = await (await access(place)).variableNames(place.project, place.environment)
      const bot = botAmong(state.services)
      return matrixOf({ services: state.services, variables, needs, isBot: ({ id }) => id === bot?.id })
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error
      return unknown(
        'Connection matrix',
        `The names of the services’ variables cannot be read, so nobody can say what a service lacks. ${error.message}`,
        'Use a Railway token that may read the environment’s variables: RAILWAY_API_TOKEN of a workspace or an account.',
      )
    }
  }

  function botAmong(services: readonly ServiceRef[]): ServiceRef | undefined {
    const own = services.find(({ id }) => id === ownService)
    const named = services.filter(({ name }) => isBotName(name))
    return own ?? named.find(({ name }) => /discord/i.test(name)) ?? named.find(({ name }) => /bot/i.test(name)) ?? named[0]
  }
}

/** What is wrong in the matrix, and a line for each service that is not. */
export function matrixFindings({ rows, shared, wronglyShared, services }: Matrix): readonly Finding[] {
  return [...wronglyShared.map(sharedSecret), ...rows.flatMap((row) => rowFindings(row, shared, services))]
}

function sharedSecret(name: string): Finding {
  const token = botTokens.includes(name)
  return problem(
    `${name} (shared)`,
    token
      ? 'The bot token is a shared variable: every service that refers to it can act as the bot, and a second session with it takes the bot’s events.'
      : `${name} belongs to one service, and is a shared variable of the environment: others can read it.`,
    `Delete the shared variable, and set ${name} on the service that owns it alone.${token ? ' Then reset the token in Discord’s Developer Portal.' : ''}`,
  )
}

function rowFindings(row: MatrixRow, shared: readonly string[], services: readonly string[]): readonly Finding[] {
  const { service, known, lacks, wants, broken, foreign } = row
  const found = [
    ...foreign.map((each) => foreignSecret(service, each, known)),
    ...lacks.map((name) => problem(service, `It needs ${name}, and does not have it.`, remedy(name, service, shared, services))),
    ...broken.map(({ name, to }) =>
      warning(
        service,
        `${name} refers to ${to}, which does not exist in this environment: it is empty.`,
        `Correct the reference, or set ${name}.`,
      ),
    ),
    ...wants.map((name) =>
      warning(service, `It has no ${name}: some of what it is for does not work.`, remedy(name, service, shared, services)),
    ),
  ]
  if (found.length > 0) return found
  if (!known) return [ok(service, `Helix does not know what it needs. ${hasWhat(row)}`)]
  return [ok(service, `It has all that it needs. ${hasWhat(row)}`)]
}

function foreignSecret(service: string, { name, secret }: Foreign, known: boolean): Finding {
  const what = name === secret ? name : `${name}, which is ${secret} of another`
  if (botTokens.includes(secret)) {
    return problem(
      service,
      `It has ${what}, and is not the bot: whoever reads its variables can act as the bot, and a second session takes the bot’s events.`,
      `Delete ${name} from ${service}, and reset the token in Discord’s Developer Portal.`,
    )
  }
  const why = known ? 'which it does not use' : 'which is another service’s'
  const has = name === secret ? `${name}, ${why}` : what
  return warning(service, `It has ${has}: a secret more that can get out.`, `Delete ${name} from ${service}.`)
}

function remedy(name: string, service: string, shared: readonly string[], services: readonly string[]): string {
  if (shared.includes(name)) return `Share it: set ${name} to \${{shared.${name}}} on ${service}.`
  const store = { DATABASE_URL: /^postgres/i, REDIS_URL: /^redis/i }[name]
  if (!store) return `Set ${name} on ${service}.`
  const plugin = services.find((each) => store.test(each))
  if (plugin) return `Set ${name} to \${{${plugin}.${name}}} on ${service}.`
  return `Add ${name === 'REDIS_URL' ? 'Redis' : 'PostgreSQL'} to the project, then set ${name} on ${service} to refer to it.`
}

function hasWhat({ postgres, redis, has }: MatrixRow): string {
  const stores = [postgres.has && 'PostgreSQL', redis.has && 'Redis'].filter((each) => each !== false)
  return `${stores.length > 0 ? `Connected to ${andList(stores)}` : 'Connected to neither PostgreSQL nor Redis'}; ${count(has.length, 'variable')}.`
}
