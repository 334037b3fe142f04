import type { DiscordGatewayAdapterCreator } from '@discordjs/voice'

/** What voice needs of the gateway session. Made by the Discord adapter. */
export interface VoiceGateway {
  /** Undefined: there is no such channel, or the session is not ready. */
  channel(guild: string, channel: string): VoiceChannelFacts | undefined
  /** Through which a connection joins and leaves. Undefined: the session is not ready, or does not know the guild. */
  adapter(guild: string): DiscordGatewayAdapterCreator | undefined
  /** The members in a channel, without bots. */
  membersIn(guild: string, channel: string): readonly string[]
  /** Calls back for what changes in the guild's voice channels, in the order in which it happens. Answers how to stop. */
  watch(guild: string, listener: (change: VoiceChange) => void): () => void
}

export interface VoiceChannelFacts {
  readonly name: string
  readonly kind: 'voice' | 'stage' | 'other'
  /** What Helix may not do there. */
  readonly lacks: readonly ('ViewChannel' | 'Connect' | 'Speak')[]
  /** Nobody else gets in, unless they may move members. */
  readonly full: boolean
}

export type VoiceChange =
  /** A member who is no bot. Undefined: in no channel. */
  | { readonly kind: 'member'; readonly user: string; readonly from: string | undefined; readonly to: string | undefined }
  | { readonly kind: 'self'; readonly channel: string | undefined }
  | { readonly kind: 'channel deleted'; readonly channel: string }
