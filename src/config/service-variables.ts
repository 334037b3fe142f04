import { databaseUrl, googleKey, googleKeyFile, poolSize, redisUrl } from './variables.ts'

/**
 * What each service reads beside the base's variables, by the folder's name. The one definition: services/<name>/main.ts reads its settings
 * with it, and the connection matrix of /doctor says by it what a service on Railway lacks.
 */
export const serviceVariables = {
  'websocket-streaming': { REDIS_URL: redisUrl },
  'agent-orchestrator': { DATABASE_URL: databaseUrl, DB_POOL_SIZE: poolSize, REDIS_URL: redisUrl },
  'voice-processor': {
    REDIS_URL: redisUrl,
    GOOGLE_APPLICATION_CREDENTIALS: googleKeyFile.optional(),
    GOOGLE_CLOUD_KEY: googleKey.optional(),
  },
  'zapier-integration': { DATABASE_URL: databaseUrl, DB_POOL_SIZE: poolSize, REDIS_URL: redisUrl },
} as const
