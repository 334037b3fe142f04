import type {
  APIVoiceState,
  GatewayChannelDeleteDispatchData,
  GatewayGuildCreateDispatchData,
  GatewayGuildDeleteDispatchData,
} from 'discord.js'
import type { VoiceChange } from '../voice/voice-gateway.ts'

type State = Pick<APIVoiceState, 'user_id' | 'channel_id' | 'member'>
type Listener = (change: VoiceChange) => void

/** Who is in which voice channel, as the gateway's events tell it. */
export interface VoicePresence {
  guildCreated(guild: GatewayGuildCreateDispatchData): void
  guildDeleted(guild: GatewayGuildDeleteDispatchData): void
  stateUpdated(state: State & { readonly guild_id?: string | undefined }): void
  channelDeleted(channel: GatewayChannelDeleteDispatchData): void
  membersIn(guild: string, channel: string): readonly string[]
  watch(guild: string, listener: Listener): () => void
}

interface Known {
  /** Channel by user. */
  readonly channels: Map<string, string>
  readonly bots: Set<string>
}

/** `self` is the bot's own id; undefined before it is known. */
export function createVoicePresence({ self }: { readonly self: () => string | undefined }): VoicePresence {
  const guilds = new Map<string, Known>()
  const listeners = new Map<string, Set<Listener>>()

  function tell(guild: string, change: VoiceChange): void {
    for (const listener of [...(listeners.get(guild) ?? [])]) listener(change)
  }

  function put(guild: string, { channels, bots }: Known, { user_id: user, channel_id, member }: State): void {
    const from = channels.get(user)
    const to = channel_id ?? undefined
    if (to === undefined) channels.delete(user)
    else channels.set(user, to)
    if (member?.user.bot) bots.add(user)
    const isBot = bots.has(user)
    if (to === undefined) bots.delete(user)
    // Said each time: the same channel, of itself, is an answer to its own wish.
    if (user === self()) tell(guild, { kind: 'self', channel: to })
    else if (!isBot && from !== to) tell(guild, { kind: 'member', user, from, to })
  }

  return {
    /** A new session begins with the whole state: who is not in it left meanwhile. Of itself it says nothing; the voice server does. */
    guildCreated({ id, voice_states = [], members = [] }) {
      const known = guilds.get(id) ?? { channels: new Map(), bots: new Set() }
      guilds.set(id, known)
      for (const { user } of members) if (user.bot) known.bots.add(user.id)
      const present = new Set(voice_states.map(({ user_id }) => user_id))
      const left = [...known.channels.keys()].filter((user) => !present.has(user) && user !== self())
      for (const user_id of left) put(id, known, { user_id, channel_id: null })
      for (const state of voice_states) put(id, known, state)
      for (const bot of known.bots) if (!known.channels.has(bot)) known.bots.delete(bot)
    },
    guildDeleted({ id, unavailable }) {
      // An outage at Discord; it comes back with the whole state.
      if (unavailable) return
      guilds.delete(id)
      tell(id, { kind: 'self', channel: undefined })
    },
    stateUpdated(state) {
      const known = guilds.get(state.guild_id ?? '')
      if (known) put(state.guild_id!, known, state)
    },
    channelDeleted(channel) {
      if ('guild_id' in channel && channel.guild_id) tell(channel.guild_id, { kind: 'channel deleted', channel: channel.id })
    },
    membersIn(guild, channel) {
      const { channels, bots } = guilds.get(guild) ?? { channels: new Map<string, string>(), bots: new Set() }
      return [...channels].filter(([user, at]) => at === channel && user !== self() && !bots.has(user)).map(([user]) => user)
    },
    watch(guild, listener) {
      const all = listeners.get(guild) ?? new Set()
      listeners.set(guild, all.add(listener))
      return () => {
        all.delete(listener)
        if (all.size === 0 && listeners.get(guild) === all) listeners.delete(guild)
      }
    },
  }
}
