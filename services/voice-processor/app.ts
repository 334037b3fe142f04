import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import { createServiceApp, type ServiceApp } from '#src/service/service-app.ts'
import type { ServiceBase } from '#src/service/service-base.ts'
import type { Streams } from '#src/streams/streams.ts'
import { createClipTest } from './clip-test.ts'
import { readingRoutes } from './routes/reading-routes.ts'
import { speechRoutes } from './routes/speech-routes.ts'
import { streamingRoutes } from './routes/streaming-routes.ts'
import { uploadRoutes } from './routes/upload-routes.ts'
import type { Speech } from './speech.ts'
import type { StreamingLimits } from './streaming/connection.ts'
import { createVoiceEvents } from './voice-events.ts'

export interface VoiceProcessorDeps {
  readonly redis: RedisConnection
  readonly streams: Streams
  /** Left out: there are no credentials; the service starts without them all the same, and says so. */
  readonly speech?: Speech | undefined
  readonly base: ServiceBase
  readonly limits?: Partial<StreamingLimits>
}

/** Speech to text and text to speech. */
export function createVoiceProcessor({ redis, streams, speech, base, limits }: VoiceProcessorDeps): ServiceApp {
  const { clock, log, tokens } = base
  const app = createServiceApp({
    ...base,
    name: 'voice-processor',
    description: 'Turns speech into text and text into speech.',
    components: { redis, speech: speech ? 'configured' : 'unconfigured' },
  })
  const events = createVoiceEvents({ redis: redis.client, streams, clock, log })
  speechRoutes(app.http, { speech, events })
  uploadRoutes(app.http, { speech, events })
  readingRoutes(app.http, { events, test: createClipTest({ speech, clock, log }) })
  streamingRoutes(app, { speech, tokens, clock, log, ...(limits && { limits }) })
  // Before Redis is closed: what is asked until then is answered.
  app.http.addHook('onClose', async () => {
    await Promise.all([speech?.transcriber.close(), speech?.synthesizer.close(), streams.close()])
  })
  return app
}
