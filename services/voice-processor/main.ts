import { enableCompileCache } from 'node:module'

// Before the rest is imported: a start costs half as much with it.
enableCompileCache()
const { runService } = await import('#src/service/run-service.ts')
const { serviceVariables } = await import('#src/config/service-variables.ts')
await runService(
  {
    name: 'voice-processor',
    port: 4103,
    variables: serviceVariables['voice-processor'],
    create: async ({ config, base }) => {
      const { clock, log, tracing } = base
      const { createRedis } = await import('#src/adapters/redis/redis.ts')
      const { createGoogleTranscriber } = await import('#src/adapters/speech/create-google-transcriber.ts')
      const { createGoogleSynthesizer } = await import('#src/adapters/speech/create-google-synthesizer.ts')
      const { googleAccess } = await import('#src/config/google-variables.ts')
      const { createStreams } = await import('#src/streams/streams.ts')
      const { createVoiceProcessor } = await import('./app.ts')
      const redis = createRedis({ url: config.REDIS_URL, log })
      const streams = createStreams({ redis, clock, log, tracing })
      const access = googleAccess(config)
      const speech = access && {
        transcriber: createGoogleTranscriber({
          access: access.speech,
          clock,
          version: config.GOOGLE_SPEECH_API,
          model: config.GOOGLE_SPEECH_MODEL,
          location: config.GOOGLE_SPEECH_LOCATION,
        }),
        synthesizer: createGoogleSynthesizer({ access: access.textToSpeech, clock }),
      }
      return createVoiceProcessor({ redis, streams, speech, base })
    },
  },
  process,
)
