import type { Redis } from 'ioredis'
import { channels } from '#src/kernel/channels.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import { readJson } from '#src/kernel/read-json.ts'
import { redisFault } from '#src/streams/publish.ts'
import type { Streams } from '#src/streams/streams.ts'

const LIST = 'voice_events_log'
const MOST_KEPT = 100

export type VoiceEvent = Readonly<Record<string, unknown>> & { readonly event: string }

/** What was heard and said, told to whoever listens on `voice_events`, and kept for a while in the list `voice_events_log`. */
export interface VoiceEvents {
  /** Never throws: who asked has an answer, whether or not anybody can be told of it. */
  tell(event: VoiceEvent): Promise<void>
  /** The newest first. Throws UpstreamError where Redis is away. */
  last(count: number): Promise<readonly VoiceEvent[]>
}

export function createVoiceEvents(deps: {
  readonly redis: Pick<Redis, 'lrange'>
  readonly streams: Streams
  readonly clock: Clock
  readonly log: Log
}): VoiceEvents {
  const { redis, streams, clock, log } = deps
  return {
    async tell(event) {
      try {
        const message = { ...event, timestamp: clock.now().toISOString() }
        await streams.publish(channels.voiceEvents, message, { list: { key: LIST, most: MOST_KEPT } })
      } catch (err) {
        if (!(err instanceof UpstreamError)) throw err
        log.warn({ err, event: event.event }, 'a voice event could not be published')
      }
    },
    async last(count) {
      const texts = await redis.lrange(LIST, 0, count - 1).catch((cause: unknown) => {
        throw redisFault(cause, 'lrange')
      })
      return texts.flatMap(readEvent)
    },
  }
}

/** Others write to this list as well: what is no event is left out. */
function readEvent(text: string): VoiceEvent[] {
  const value = readJson(text)
  return typeof value === 'object' && value !== null && 'event' in value && typeof value.event === 'string' ? [value as VoiceEvent] : []
}
