import { readFileSync } from 'node:fs'
import { createVoiceProcessor, type VoiceProcessorDeps } from '#services/voice-processor/app.ts'
import { createRedis, type RedisConnection } from '#src/adapters/redis/redis.ts'
import { createGoogleSynthesizer } from '#src/adapters/speech/create-google-synthesizer.ts'
import { createGoogleTranscriber } from '#src/adapters/speech/create-google-transcriber.ts'
import { type Clock, systemClock } from '#src/kernel/clock.ts'
import type { RedisServer } from '#src/launch/redis.ts'
import { createStreams } from '#src/streams/streams.ts'
import { type EmulatedGoogle, startEmulatedGoogle } from '#test/support/emulated-google.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { redisServer } from '#test/support/redis.ts'
import { bearer, serviceBase } from '#test/support/service.ts'

export const sentence = 'Helix show the health of the voice processor'
export const clip = readFileSync(new URL('../../../services/voice-processor/test-clip.ogg', import.meta.url))

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever came over the wire
  readonly body: any
}

export interface RunningVoice {
  readonly url: string
  readonly google: EmulatedGoogle
  readonly redisServer: RedisServer
  readonly redis: RedisConnection
  readonly lines: readonly string[]
  ask(method: 'GET' | 'POST', path: string, body?: unknown, role?: string): Promise<Answer>
  stop(): Promise<void>
}

/** The real service, over a real Redis and the emulated Google. */
export async function startVoice(
  given: { readonly configured?: boolean; readonly clock?: Clock; readonly limits?: VoiceProcessorDeps['limits'] } = {},
): Promise<RunningVoice> {
  const { configured = true, clock = systemClock(), limits } = given
  const google = await startEmulatedGoogle()
  await google.emulator.learn(clip, sentence)
  const server = await redisServer()
  const log = quietLog()
  const redis = createRedis({ url: server.url, log })
  const streams = createStreams({ redis, clock: systemClock(), log })
  const base = serviceBase('voice-processor', { clock })
  const { access } = google
  const speech = configured
    ? {
        transcriber: createGoogleTranscriber({ access, clock: systemClock(), version: 'v1' }),
        synthesizer: createGoogleSynthesizer({ access, clock: systemClock() }),
      }
    : undefined
  const app = createVoiceProcessor({ base, redis, streams, speech, ...(limits && { limits }) })
  const url = await app.http.listen({ port: 0, host: '127.0.0.1' })
  return {
    url,
    google,
    redis,
    redisServer: server,
    lines: base.lines,
    async ask(method, path, body, role = 'operator') {
      const isForm = body instanceof FormData
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: { ...bearer({ sub: 'tester', role }), ...(body !== undefined && !isForm && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
      })
      return { status: answer.status, body: await answer.json() }
    },
    async stop() {
      await app.stop(1_000)
      await server.stop()
      await google.close()
    },
  }
}
