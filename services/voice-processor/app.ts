import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import { createServiceApp, type ServiceApp } from '#src/service/service-app.ts'
import type { ServiceBase } from '#src/service/service-base.ts'

export interface VoiceProcessorDeps {
  readonly redis: RedisConnection
  /** Whether there are credentials for Google Speech and Text-to-Speech; the service starts without them all the same. */
  readonly speech: 'configured' | 'unconfigured'
  readonly base: ServiceBase
}

/** Speech to text and text to speech. */
export function createVoiceProcessor({ redis, speech, base }: VoiceProcessorDeps): ServiceApp {
  return createServiceApp({
    ...base,
    name: 'voice-processor',
    description: 'Turns speech into text and text into speech.',
    components: { redis, speech },
  })
}
