import { Readable } from 'node:stream'
import { AudioPlayer, AudioPlayerStatus, AudioResource, type VoiceConnection } from '@discordjs/voice'
import prism from 'prism-media'
import type { Log } from '#src/kernel/log.ts'
import type { Playback } from '#src/voice/room.ts'

export interface Mouth {
  play(ogg: Uint8Array): Playback
  /** What is being said ends, and what waits is not said. */
  interrupt(): void
  /** Says nothing any more. */
  close(): void
}

type Over = Awaited<Playback['over']>

interface Saying {
  readonly ogg: Uint8Array
  settle(how: Over): void
}

const MOST_WAITING = 32
/** After the end, so that nothing is made up from the last packet. */
const SILENCE_FRAMES = 5

/** Plays one thing after the other: Opus packets out of Ogg, and into the call as they are. */
export function createMouth({ connection, log }: { readonly connection: VoiceConnection; readonly log: Log }): Mouth {
  const player = new AudioPlayer()
  let waiting: Saying[] = []
  let current: Saying | undefined
  let closed = false

  function next(): void {
    if (player.state.status !== AudioPlayerStatus.Idle) return
    const saying = waiting.shift()
    current = saying
    if (saying) player.play(resourceOf(saying.ogg, (err) => fail(saying, err)))
  }

  function end(how: Over): void {
    current?.settle(how)
    current = undefined
  }

  function fail(saying: Saying, err: Error): void {
    if (saying !== current) return
    log.warn({ err }, 'what was to be said is no Ogg Opus')
    end('failed')
  }

  function stop(saying: Saying): void {
    if (saying === current) {
      end('interrupted')
      // Buffering, or waiting for a connection, it has nothing to fade out.
      player.stop(player.state.status !== AudioPlayerStatus.Playing)
    } else {
      waiting = waiting.filter((each) => each !== saying)
      saying.settle('interrupted')
    }
  }

  function interrupt(): void {
    for (const saying of [...waiting, ...(current ? [current] : [])]) stop(saying)
  }

  // Told by the stream itself.
  player.on('error', () => {})
  player.on(AudioPlayerStatus.Idle, () => {
    end('finished')
    next()
  })
  connection.subscribe(player)

  return {
    play(ogg) {
      const { promise: over, resolve: settle } = Promise.withResolvers<Over>()
      const saying: Saying = { ogg, settle }
      if (closed || waiting.length >= MOST_WAITING) {
        settle('interrupted')
      } else {
        waiting.push(saying)
        next()
      }
      return { over, stop: () => stop(saying) }
    },
    interrupt,
    close() {
      closed = true
      interrupt()
    },
  }
}

/** `createAudioResource` would look for ffmpeg first, by starting programs. */
function resourceOf(ogg: Uint8Array, fail: (error: Error) => void): AudioResource {
  const packets = new prism.opus.OggDemuxer()
  let isOpus = false
  packets.once('head', () => {
    isOpus = true
  })
  packets.once('finish', () => {
    if (!isOpus) fail(new Error('there is no Opus in it'))
  })
  packets.once('error', fail)
  Readable.from([ogg]).pipe(packets)
  return new AudioResource([], [packets], null, SILENCE_FRAMES)
}
