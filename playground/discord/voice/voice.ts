import { EventEmitter } from 'node:events'
import type { Clock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Session } from '../gateway/sessions.ts'
import type { VoiceState } from '../model.ts'
import type { World } from '../world.ts'
import { type Call, createCall } from './call.ts'
import type { Certificate } from './certificate.ts'
import { createExternalSender } from './dave/external-sender.ts'
import { daveVersion } from './dave/local-peer.ts'
import { createHeard, type Heard, type Utterance } from './heard.ts'
import { createNetwork, type Network } from './network.ts'
import { createVoiceServer, type VoiceServer } from './server.ts'
import { createStates, may, newSessionId, type States, type Wish } from './states.ts'
import type { PacketSource, Spoken } from './talker.ts'
import type { TransportMode } from './transport.ts'

export interface VoiceDeps {
  readonly world: World
  readonly wire: Clock
  readonly heartbeatMs: number
  readonly modes: readonly TransportMode[]
  /** End-to-end encryption is required, as Discord has it; without it there is none. */
  readonly encrypted: boolean
  readonly log: Log
  certificate(): Certificate
  tellAll(event: string, data: unknown, needs: number): void
  toUser(user: string, event: string, data: unknown): void
}

/** What happens in voice channels, for whoever shows it. */
export type VoiceNews =
  | { readonly type: 'speaking'; readonly user: string; readonly on: boolean }
  | { readonly type: 'heard'; readonly utterance: Utterance }

/** The voice side of the emulated Discord. */
export interface Voice {
  readonly states: States
  readonly server: VoiceServer
  readonly network: Network
  readonly heard: Heard
  /** Op 4 of the main gateway. */
  wish(session: Pick<Session, 'id' | 'account'>, wish: Wish): void
  /** The session of the main gateway is over: who joined with it leaves. */
  ended(session: Pick<Session, 'id' | 'account'>): void
  /** Sends VOICE_SERVER_UPDATE, with a new token; without an endpoint where there is no voice server at the moment. */
  serve(user: string, away?: boolean): Promise<void>
  /** A member joins: the channel that is named, else the one in which they are, else the bot's, else the first. Throws UserError. */
  join(user: string, channel: string | undefined): string
  /** The member says it in the channel in which they are. Throws UserError. */
  speak(user: string, source: PacketSource): Promise<Spoken>
  call(channel: string): Call | undefined
  speaking(): readonly string[]
  onNews(listener: (news: VoiceNews) => void): () => void
  state(): Readonly<Record<string, unknown>>
  close(): void
}

const voiceChannel = 2

export function createVoice(deps: VoiceDeps): Voice {
  const { world, wire, heartbeatMs, modes, encrypted, log, certificate, tellAll, toUser } = deps
  const network = createNetwork()
  const sender = createExternalSender()
  const calls = new Map<string, Call>()
  const speaking = new Set<string>()
  const news = new EventEmitter<{ news: [VoiceNews] }>()
  news.setMaxListeners(0)
  const isBot = (user: string) => world.accounts.some(({ id, kind }) => id === user && kind === 'bot')

  function onSpeaking(user: string, on: boolean): void {
    if (on === speaking.has(user)) return
    if (on) speaking.add(user)
    else speaking.delete(user)
    news.emit('news', { type: 'speaking', user, on })
  }

  const heard = createHeard({
    wire,
    onBegun: (user) => onSpeaking(user, true),
    onEnded: (user) => onSpeaking(user, false),
    onHeard: (utterance) => news.emit('news', { type: 'heard', utterance }),
  })

  function mayBeHeard(user: string): boolean {
    const state = states.of(user)
    return state !== undefined && !state.self_mute && may(world, user, state.channel_id, 'SPEAK')
  }

  function callIn(channel: string): Call {
    const onHeard: Parameters<typeof createCall>[0]['onHeard'] = (client, sequence, packet) =>
      heard.take(client.user, channel, sequence, packet)
    const known = calls.get(channel) ?? createCall({ channel, wire, sender, network, encrypted, mayBeHeard, onSpeaking, onHeard })
    calls.set(channel, known)
    return known
  }

  function tidy(call: Call): void {
    if (!call.empty) return
    call.close()
    calls.delete(call.channel)
  }

  const states = createStates({
    world,
    tell: tellAll,
    onMoved(user, from, to) {
      if (isBot(user)) {
        heard.end(user)
        server.dismiss(user, 4014)
        return
      }
      const left = calls.get(from ?? '')
      left?.leave(user)
      onSpeaking(user, false)
      if (left) tidy(left)
      if (to) callIn(to).enter(user)
    },
  })

  const server = createVoiceServer({
    wire,
    guild: world.guild.id,
    network,
    modes,
    heartbeatMs,
    certificate,
    version: (channel) => calls.get(channel)?.version ?? (encrypted ? daveVersion : 0),
    onConnected: (client) => callIn(client.channel).connect(client),
    onDisconnected(client) {
      heard.end(client.user)
      const call = calls.get(client.channel)
      call?.disconnect(client)
      if (call) tidy(call)
    },
    onLost: (user) => void states.put(user, null),
    onDave: (client, op, body) => calls.get(client.channel)?.dave(client, op, body),
    onFrame: (client, sequence, frame) => calls.get(client.channel)?.frame(client, sequence, frame),
    onSpeaking: (client, on) => on || heard.end(client.user),
  })

  async function serve(user: string, away = false): Promise<void> {
    const endpoint = away ? null : await server.endpoint().catch(noEndpoint)
    const state = states.of(user)
    if (!state?.channel_id) return
    const { token } = server.invite(user, state.channel_id, state.session_id)
    toUser(user, 'VOICE_SERVER_UPDATE', { token, guild_id: world.guild.id, endpoint })
  }

  function noEndpoint(error: unknown): null {
    log.error({ err: error }, 'the voice server could not be opened')
    return null
  }

  function wish({ id, account }: Pick<Session, 'id' | 'account'>, asked: Wish): void {
    const before = states.of(account.id)
    const state: VoiceState | undefined = states.wish(account.id, id, asked)
    if (!state?.channel_id || account.kind !== 'bot') return
    // One that is connected there already only mutes or deafens itself; a new session of the gateway connects anew, whatever became of the old one.
    const stays = before?.channel_id === state.channel_id && before.session_id === id
    if (!stays || !server.client(account.id)?.line) void serve(account.id)
  }

  function find(name: string): string {
    const found = [...world.channels.values()].find((each) => each.type === voiceChannel && (each.id === name || each.name === name))
    if (!found) throw new UserError(`There is no voice channel ${name}.`)
    return found.id
  }

  return {
    states,
    server,
    network,
    heard,
    wish,
    serve,
    ended({ id, account }) {
      if (states.of(account.id)?.session_id === id) states.put(account.id, null)
    },
    join(user, channel) {
      const state = states.of(user)
      const bot = [...world.voice.values()].find(({ user_id }) => isBot(user_id))?.channel_id
      const first = [...world.channels.values()].find(({ type }) => type === voiceChannel)?.id
      const place = channel === undefined ? (state?.channel_id ?? bot ?? first ?? '') : find(channel)
      if (state?.channel_id === place) return place
      const wished: Wish = { channel_id: place, self_mute: state?.self_mute ?? false, self_deaf: state?.self_deaf ?? false }
      if (!states.wish(user, state?.session_id ?? newSessionId(), wished))
        throw new UserError('This member may not join that voice channel, or it is full.')
      return place
    },
    async speak(user, source) {
      const state = states.of(user)
      if (!state?.channel_id) throw new UserError('This member is in no voice channel.')
      if (state.self_mute) throw new UserError('This member is muted.')
      if (!mayBeHeard(user)) throw new UserError('This member may not speak in that voice channel.')
      return callIn(state.channel_id).speak(user, source)
    },
    call: (channel) => calls.get(channel),
    speaking: () => [...speaking],
    onNews(listener) {
      news.on('news', listener)
      return () => news.off('news', listener)
    },
    state: () => ({
      voice: {
        states: [...world.voice.values()],
        speaking: [...speaking],
        calls: [...calls.values()].map((call) => ({ channel: call.channel, ...call.state() })),
      },
    }),
    close() {
      heard.close()
      for (const call of calls.values()) call.close()
      server.close()
    },
  }
}
