import type { FastifyBaseLogger } from 'fastify'
import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import { createServiceApp, type ServiceApp } from '#src/service/service-app.ts'

export interface VoiceProcessorDeps {
  readonly redis: RedisConnection
  /** Whether there are credentials for Google Speech and Text-to-Speech; the service starts without them all the same. */
  readonly speech: 'configured' | 'unconfigured'
  readonly log: FastifyBaseLogger
  readonly version: string
}

/** Speech to text and text to speech. */
export function createVoiceProcessor({ redis, speech, log, version }: VoiceProcessorDeps): ServiceApp {
  return createServiceApp({
    name: 'voice-processor',
    version,
    description: 'Turns speech into text and text into speech.',
    log,
    components: { redis, speech },
  })
}
