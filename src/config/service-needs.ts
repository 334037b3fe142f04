import { z } from 'zod'
import { botConfig } from './bot-config.ts'
import { serviceBaseVariables } from './service-base-variables.ts'
import { serviceVariables } from './service-variables.ts'

/** What a service on Railway must and may have, by the names of variables. */
export interface ServiceNeeds {
  readonly required: readonly string[]
  /** It starts without them, but some of what it is for does not work. */
  readonly recommended: readonly string[]
  readonly optional: readonly string[]
  /** Of each of these lists it needs one. */
  readonly oneOf: readonly (readonly string[])[]
}

/** Railway gives each service its own, and Helix has a default for it. */
const given = new Set(['PORT', 'HOST', 'NODE_ENV', 'LOG_LEVEL'])
const recommendedOfOurs = ['SERVICE_MESH_SECRET']

/** The bot, wherever it runs: as its own configuration says. */
const bot = needsOfShape(botConfig.shape, recommendedOfOurs, [['RAILWAY_TOKEN', 'RAILWAY_API_TOKEN']])

/** The services of the connection matrix that are not Helix's own code, as their guide lists them. */
const neighbours: Readonly<Record<string, ServiceNeeds>> = {
  'helix-backend-api': needs(['DATABASE_URL', 'REDIS_URL', 'JWT_SECRET'], ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY'], ['STRIPE_SECRET_KEY']),
  'helix-dashboard': needs(['REDIS_URL'], [], ['STREAMLIT_SERVER_PORT', 'STREAMLIT_SERVER_HEADLESS']),
  'helix-claude-api': needs(
    ['DATABASE_URL', 'REDIS_URL', 'ANTHROPIC_API_KEY'],
    ['CONSCIOUSNESS_ENGINE_WEBHOOK', 'COMMUNICATIONS_HUB_WEBHOOK', 'NEURAL_NETWORK_WEBHOOK'],
  ),
  'helix-service-integration': needs(
    ['REDIS_URL', 'AGENT_ORCHESTRATOR_URL', 'VOICE_PROCESSOR_URL', 'WEBSOCKET_SERVICE_URL', 'ZAPIER_SERVICE_URL'],
    ['CONSCIOUSNESS_METRICS_URL', 'WEBSOCKET_PORT'],
  ),
}

const names: Readonly<Record<string, ServiceNeeds>> = {
  ...Object.fromEntries(
    Object.entries(serviceVariables).map(([name, shape]) => [name, needsOfShape({ ...serviceBaseVariables, ...shape }, recommendedOfOurs)]),
  ),
  ...neighbours,
}

/** Names that people give to the same services. */
const alsoCalled: Readonly<Record<string, string>> = {
  'websocket-service': 'websocket-streaming',
  'voice-service': 'voice-processor',
  'zapier-service': 'zapier-integration',
}

const botNames = /^(helix|bot|(helix-)?(discord-)?bot)$/

/** Whether a service of that name is the bot, where nothing better tells. */
export function isBotName(service: string): boolean {
  return botNames.test(plain(service))
}

/** Undefined for a service that Helix knows nothing of: nobody can say what it lacks. */
export function serviceNeeds(service: string): ServiceNeeds | undefined {
  const name = plain(service)
  if (isBotName(service)) return bot
  const found = [name, name.replace(/^helix-/, '')].map((each) => names[alsoCalled[each] ?? each])
  return found.find((each) => each !== undefined)
}

function plain(service: string): string {
  return service
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}

function needs(required: readonly string[], recommended: readonly string[] = [], optional: readonly string[] = []): ServiceNeeds {
  return { required, recommended, optional, oneOf: [] }
}

/** Required is what the schema does not take when it is missing. */
function needsOfShape(shape: z.ZodRawShape, recommended: readonly string[], oneOf: ServiceNeeds['oneOf'] = []): ServiceNeeds {
  const read = Object.keys(shape).filter((name) => !given.has(name) && !name.startsWith('RAILWAY_PRIVATE_'))
  const required = read.filter((name) => !z.safeParse(shape[name] as z.ZodType, undefined).success)
  const wanted = recommended.filter((name) => !required.includes(name))
  return { required, recommended: wanted, optional: read.filter((name) => !required.includes(name) && !wanted.includes(name)), oneOf }
}
