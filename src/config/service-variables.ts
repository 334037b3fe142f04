import { googleVariables } from './google-variables.ts'
import { databaseUrl, hookUrl, poolSize, redisUrl, wholeNumber, zapierSecret } from './variables.ts'

/**
 * What each service reads beside the base's variables, by the folder's name. The one definition: services/<name>/main.ts reads its settings
 * with it, and the connection matrix of /doctor says by it what a service on Railway lacks.
 */
export const serviceVariables = {
  'websocket-streaming': { REDIS_URL: redisUrl },
  'agent-orchestrator': { DATABASE_URL: databaseUrl, DB_POOL_SIZE: poolSize, REDIS_URL: redisUrl },
  'voice-processor': { REDIS_URL: redisUrl, ...googleVariables },
  'zapier-integration': {
    DATABASE_URL: databaseUrl,
    DB_POOL_SIZE: poolSize,
    REDIS_URL: redisUrl,
    ZAPIER_SECRET: zapierSecret,
    ZAPIER_WEBHOOKS_PER_MINUTE: wholeNumber(1, 10_000_000).default(120_000),
    CONSCIOUSNESS_ENGINE_WEBHOOK: hookUrl.optional(),
    COMMUNICATIONS_HUB_WEBHOOK: hookUrl.optional(),
    NEURAL_NETWORK_WEBHOOK: hookUrl.optional(),
  },
} as const
