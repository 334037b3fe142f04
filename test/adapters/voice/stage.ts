import { EventEmitter } from 'node:events'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { Sounds } from '#playground/discord/voice/sounds.ts'
import { createDiscordGateway } from '#src/adapters/discord/gateway.ts'
import type { ConnectionPatience } from '#src/adapters/voice/connection.ts'
import { createVoiceRooms } from '#src/adapters/voice/create-voice-rooms.ts'
import type { UtteranceLimits } from '#src/adapters/voice/utterance.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { opusPacketsOf } from '#src/speech/ogg-reader.ts'
import type { RoomEvents, SpokenUtterance, UtteranceEnd, VoiceRoom } from '#src/voice/room.ts'
import { startDiscord, values } from '#test/playground/discord/running-discord.ts'
import { awaitEvent } from '#test/support/await-event.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { oggOf } from './packets.ts'

export const channels = { bridge: '1100000000000000304', war: '1100000000000000305' } as const
/** Discord's ids of accounts of the playground; more people are guests. */
const ids = {
  admin: '1100000000000000401',
  deployer: '1100000000000000402',
  operator: '1100000000000000403',
  'guest-1': '1100000000000000410',
  'guest-2': '1100000000000000411',
  'guest-3': '1100000000000000412',
  'guest-4': '1100000000000000413',
  'guest-5': '1100000000000000414',
} as const
export type Person = keyof typeof ids
export const everybody = Object.keys(ids) as Person[]
export const idOf = (who: Person) => ids[who]

export interface HeardUtterance {
  readonly user: string
  readonly number: number
  readonly packets: readonly Uint8Array[]
  readonly how: UtteranceEnd
}

export interface VoiceStageOptions {
  readonly limits?: Partial<UtteranceLimits>
  readonly patience?: Partial<ConnectionPatience>
  readonly discord?: Parameters<typeof startDiscord>[0]
  /** In place of reading what was said into `said`. */
  readonly onUtterance?: RoomEvents['onUtterance']
}

/** Audio files are Ogg Opus, and come in and go out as they are. */
const sounds: Sounds = {
  say: async () => [],
  read: async (file) => opusPacketsOf(file),
  recording: () => ({ push: () => [], close: () => {} }),
  wordsOf: () => undefined,
}

/** The emulated Discord with its voice server, Helix's own gateway and rooms; members speak Opus packets. */
export async function openVoiceStage({ limits, patience, discord: options, onUtterance }: VoiceStageOptions = {}) {
  const discord = await startDiscord({ sounds, guests: 5, ...options })
  setDefaultCACertificates([...getCACertificates('default'), (discord.emulator as { certificate?: string }).certificate!])
  const log = quietLog()
  const clock = systemClock()
  const gateway = createDiscordGateway({ token: values.botToken, apiUrl: `${discord.url}/api`, log, clock })
  await gateway.start(() => {})
  const rooms = createVoiceRooms({ gateway: gateway.voice, clock, log, ...(limits && { limits }), ...(patience && { patience }) })

  const news = new EventEmitter()
  const said: HeardUtterance[] = []
  const begun: SpokenUtterance[] = []
  const told: string[] = []
  const tell = (what: string) => {
    told.push(what)
    news.emit('change')
  }
  async function listen(utterance: SpokenUtterance): Promise<void> {
    begun.push(utterance)
    news.emit('change')
    const packets: Uint8Array[] = []
    for await (const packet of utterance.packets) packets.push(packet)
    said.push({ user: utterance.user, number: utterance.number, packets, how: await utterance.ended })
    news.emit('change')
  }
  const events: RoomEvents = {
    onUtterance: onUtterance ?? ((utterance) => void listen(utterance)),
    onSpeaking: (user) => tell(`speaking ${user}`),
    onMembers: ({ user, now }) => tell(`${now} ${user}`),
    onMoved: (channel) => tell(`moved ${channel}`),
    onGone: (reason) => tell(`gone ${reason}`),
  }

  const post = async (path: string, body: object) => {
    const response = await fetch(`${discord.url}/playground/voice/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }
  const until = <Value>(read: () => Value | undefined, deadlineMs?: number) =>
    awaitEvent(news, read, () => JSON.stringify({ told, said: said.length }), deadlineMs)

  return {
    discord,
    gateway,
    rooms,
    log,
    begun,
    said,
    told,
    join: (channel: string = channels.bridge): Promise<VoiceRoom> => rooms.join({ guild: values.guildId, channel }, events),
    enter: (who: Person, channel: string = channels.bridge) => post('join', { account: `playground-${who}`, channel }),
    leave: (who: Person) => post('leave', { account: `playground-${who}` }),
    /** Resolves when the last packet was sent. */
    speak: (who: Person, packets: readonly Uint8Array[]) =>
      post('speak', { account: `playground-${who}`, audio: Buffer.from(oggOf(packets)).toString('base64') }),
    /** Words, through the playground's speech. */
    say: (who: Person, words: string) => post('speak', { account: `playground-${who}`, words }),
    fault: discord.fault,
    utterance: (nth = 0, deadlineMs?: number) => until(() => said[nth], deadlineMs),
    until,
    toldOf: (what: string) => until(() => (told.includes(what) ? true : undefined)),
    async close() {
      await rooms.close()
      await gateway.stop()
      await discord.close()
    },
  }
}
