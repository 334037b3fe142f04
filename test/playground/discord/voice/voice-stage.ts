import { randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import tls from 'node:tls'
import {
  type AudioReceiveStream,
  EndBehaviorType,
  entersState,
  getVoiceConnection,
  joinVoiceChannel,
  type VoiceConnection,
  VoiceConnectionStatus,
} from '@discordjs/voice'
import type { Client } from 'discord.js'
import type { EmulatedDiscordOptions } from '#playground/discord/emulated-discord.ts'
import { createKnownAudio } from '#playground/speech/audio/known-audio.ts'
import { createSounds } from '#playground/speech/sounds.ts'
import { tones } from '#playground/speech/synthesis/tones.ts'
import { createOggOpusMuxer } from '#src/speech/ogg-opus-muxer.ts'
import { awaitEvent } from '#test/support/await-event.ts'
import { type RunningDiscord, startDiscord, values } from '../running-discord.ts'

export const sounds = createSounds({ speaker: tones, known: createKnownAudio() })

/** The emulated Discord with sound, whose certificate this process trusts from now on, as a bot with NODE_EXTRA_CA_CERTS does. */
export async function startVoiceDiscord(options: Partial<EmulatedDiscordOptions> = {}): Promise<RunningDiscord> {
  const discord = await startDiscord({ sounds, ...options })
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), discord.emulator.certificate])
  return {
    ...discord,
    close: async () => {
      getVoiceConnection(values.guildId)?.destroy()
      await discord.close()
    },
  }
}

export interface Joined {
  readonly connection: VoiceConnection
  /** What `receive` took of that user so far. */
  packets(user: string): readonly Buffer[]
  /** Resolves when so many came. */
  received(user: string, count: number): Promise<readonly Buffer[]>
  /** The status, once it is that (again, where it is so already and `anew`). */
  status(status: VoiceConnectionStatus): Promise<unknown>
  readonly debug: readonly string[]
  readonly changes: EventEmitter
}

const silence = Buffer.from([0xf8, 0xff, 0xfe])

/** An unmodified @discordjs/voice in that channel, ready, and hearing everybody from their first packet on. */
export async function joinVoice(bot: Client<true>, channel: string, more: { dave?: boolean; tolerance?: number } = {}): Promise<Joined> {
  const guild = bot.guilds.cache.get(values.guildId)!
  const changes = new EventEmitter()
  changes.setMaxListeners(0)
  const taken = new Map<string, Buffer[]>()
  const debug: string[] = []
  const connection = joinVoiceChannel({
    guildId: guild.id,
    channelId: guild.channels.cache.find(({ name }) => name === channel)!.id,
    adapterCreator: guild.voiceAdapterCreator,
    selfDeaf: false,
    debug: true,
    daveEncryption: more.dave ?? true,
    ...(more.tolerance === undefined ? {} : { decryptionFailureTolerance: more.tolerance }),
  })
  connection.on('debug', (line) => {
    debug.push(line)
    changes.emit('change')
  })
  connection.on('error', (error) => debug.push(`error ${error.message}`))
  connection.on('stateChange', () => changes.emit('change'))
  connection.receiver.speaking.on('start', (user) => listen(user))
  const listen = (user: string): AudioReceiveStream => {
    const stream = connection.receiver.subscribe(user, { end: { behavior: EndBehaviorType.Manual } })
    if (stream.listenerCount('data') > 0) return stream
    stream.on('error', (error) => debug.push(`stream ${error.message}`))
    stream.on('data', (packet: Buffer) => {
      if (packet.equals(silence)) return
      taken.set(user, [...(taken.get(user) ?? []), packet])
      changes.emit('change')
    })
    return stream
  }
  await entersState(connection, VoiceConnectionStatus.Ready, 5_000)
  const packets = (user: string) => taken.get(user) ?? []
  return {
    connection,
    debug,
    changes,
    packets,
    received: (user, count) =>
      awaitEvent(
        changes,
        () => (packets(user).length >= count ? packets(user) : undefined),
        () => `${packets(user).length} of ${count} packets came`,
      ),
    status: (status) => entersState(connection, status, 8_000),
  }
}

/** Ends as frames of DAVE do: nobody decrypted it. */
export const encrypted = (packet: Buffer) => packet.subarray(-2).toString('hex') === 'fafa'

/** Packets that look like 20 ms of Opus each. */
export function opusPackets(count: number): readonly Buffer[] {
  return Array.from({ length: count }, () => Buffer.concat([Buffer.of(0xf8), randomBytes(60)]))
}

/** Has a member say these packets; resolves when they were sent. */
export async function speak(discord: RunningDiscord, account: string, packets: readonly Buffer[], channel?: string): Promise<void> {
  const answer = await ask(discord, 'speak', { account, audio: oggOf(packets).toString('base64'), ...(channel ? { channel } : {}) })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
}

/** A request of the voice routes. */
export async function ask(discord: RunningDiscord, what: string, body?: object) {
  const init = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(`${discord.url}/playground/voice/${what}`, init)
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever is answered
  return { status: response.status, body: (await response.json()) as any }
}

export function oggOf(packets: readonly Buffer[]): Buffer {
  const ogg = createOggOpusMuxer({ serial: 7 })
  const pages = [ogg.headers()]
  for (const packet of packets) {
    ogg.write(packet)
    pages.push(ogg.flush()!)
  }
  return Buffer.concat([...pages, ogg.flush(true)!])
}
