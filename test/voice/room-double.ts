import type { Clock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Transcriber, UtteranceStream } from '#src/speech/transcriber.ts'
import { createTranscriptFeed } from '#src/speech/transcript-feed.ts'
import type { RoomEvents, RoomFigures, UtteranceEnd, VoiceRoom, VoiceRooms } from '#src/voice/room.ts'

/** A voice channel without Discord: what is "spoken" is the text itself, in the place of Opus packets. */
export function roomDouble(clock: Clock) {
  const channels = new Map<string, string>()
  const heard = new Set<string>()
  const played: string[] = []
  let events: RoomEvents | undefined
  let channel = ''
  let number = 0
  let state: RoomFigures['state'] = 'gone'

  const inChannel = (id: string) => [...channels].flatMap(([user, at]) => (at === id ? [user] : []))
  const room: VoiceRoom = {
    guild: '1',
    get channel() {
      return channel
    },
    members: () => inChannel(channel),
    hear: (user) => void heard.add(user),
    ignore: (user) => void heard.delete(user),
    play: (ogg) => {
      played.push(new TextDecoder().decode(ogg))
      return { over: Promise.resolve('finished'), stop: () => {} }
    },
    figures: () => ({
      ...{ state, transport: 'aead_aes256_gcm_rtpsize', endToEnd: 1, pingMs: 12 },
      ...{ packets: 100, lost: 0, undecryptable: 0, unusable: 0, resubscribed: 0 },
    }),
    leave: async () => gone('left'),
  }
  function gone(reason: Parameters<RoomEvents['onGone']>[0]): void {
    if (state === 'gone') return
    state = 'gone'
    heard.clear()
    events?.onGone(reason)
  }
  const rooms: VoiceRooms = {
    async join(where, listener) {
      if (state !== 'gone') throw new UserError('Helix is in another channel.')
      events = listener
      channel = where.channel
      state = 'ready'
      return room
    },
    close: async () => gone('left'),
  }
  return {
    rooms,
    heard,
    /** What Helix said. */
    played,
    states: () => channels,
    enter(user: string, to: string) {
      channels.set(user, to)
      if (state === 'ready' && to === channel) events!.onMembers({ user, now: 'here' })
    },
    depart(user: string) {
      channels.delete(user)
      if (state === 'ready') events!.onMembers({ user, now: 'away' })
    },
    move(to: string) {
      channel = to
      events!.onMoved(to)
    },
    gone,
    /** The process that was in the channel is killed: nobody tells anybody. */
    crash() {
      state = 'gone'
      heard.clear()
      events = undefined
    },
    /** False where the member is not heard. */
    speak(user: string, text: string, { end = 'silence' as UtteranceEnd, startedAt = clock.now() } = {}): boolean {
      if (!heard.has(user)) return false
      events!.onSpeaking(user)
      const packets = (async function* () {
        yield new TextEncoder().encode(text)
      })()
      events!.onUtterance({ user, number: ++number, startedAt, packets, ended: Promise.resolve(end) })
      return true
    },
  }
}

/** Recognises what the room double speaks. `!error` fails, an empty text is noise. */
export function transcriberDouble(failure: () => Error | undefined): Transcriber {
  return {
    transcribe: async () => undefined,
    stream({ language }): UtteranceStream {
      const feed = createTranscriptFeed()
      let text = ''
      return {
        transcripts: feed,
        write(packet) {
          if (feed.ended) return false
          text += new TextDecoder().decode(packet)
          if (text !== '') feed.push({ text: text.split(' ').slice(0, -1).join(' '), confidence: 0, isFinal: false, language })
          return true
        },
        end() {
          const error = failure()
          if (error) return feed.end(error as never)
          if (text.trim() !== '') feed.push({ text, confidence: 0.9, isFinal: true, language })
          feed.end()
        },
        cancel: () => feed.end(),
      }
    },
    close: async () => {},
  }
}
