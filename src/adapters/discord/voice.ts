import { ChannelType, type Client, GatewayDispatchEvents, PermissionFlagsBits } from 'discord.js'
import type { VoiceChannelFacts, VoiceGateway } from '../voice/voice-gateway.ts'
import { createVoicePresence } from './voice-presence.ts'

export interface ClientVoice extends VoiceGateway {
  /** From before the client logs in; one client after the other. */
  listen(client: Client): void
}

const kinds: Partial<Record<ChannelType, VoiceChannelFacts['kind']>> = {
  [ChannelType.GuildVoice]: 'voice',
  [ChannelType.GuildStageVoice]: 'stage',
}
const needed = ['ViewChannel', 'Connect', 'Speak'] as const

/** Voice at the gateway, of a client that keeps guilds, channels and roles. */
export function createClientVoice(): ClientVoice {
  let client: Client | undefined
  const presence = createVoicePresence({ self: () => client?.user?.id })
  const guildOf = (id: string) => (client?.isReady() ? client.guilds.cache.get(id) : undefined)

  return {
    listen(next) {
      client = next
      next.ws.on(GatewayDispatchEvents.GuildCreate, presence.guildCreated)
      next.ws.on(GatewayDispatchEvents.GuildDelete, presence.guildDeleted)
      next.ws.on(GatewayDispatchEvents.VoiceStateUpdate, presence.stateUpdated)
      next.ws.on(GatewayDispatchEvents.ChannelDelete, presence.channelDeleted)
    },
    channel(guildId, channelId) {
      const guild = guildOf(guildId)
      const channel = guild?.channels.cache.get(channelId)
      const me = guild?.members.me
      if (!channel || channel.isThread() || !me) return undefined
      const permissions = channel.permissionsFor(me)
      const limit = channel.isVoiceBased() ? channel.userLimit : 0
      const inside = [...guild.voiceStates.cache.values()].filter((state) => state.channelId === channelId && state.id !== me.id)
      return {
        name: channel.name,
        kind: kinds[channel.type] ?? 'other',
        lacks: needed.filter((name) => !permissions.has(PermissionFlagsBits[name])),
        full: limit > 0 && inside.length >= limit && !permissions.has(PermissionFlagsBits.MoveMembers),
      }
    },
    adapter: (guild) => guildOf(guild)?.voiceAdapterCreator,
    membersIn: presence.membersIn,
    watch: presence.watch,
  }
}
