import type { Channel, Message, StoredMessage } from '../model.ts'
import { present } from '../present.ts'
import { bareMember, canSee } from '../shapes.ts'
import type { World } from '../world.ts'
import { intent } from './intents.ts'
import type { Session, Sessions } from './sessions.ts'

/** What happens, told to those sessions that may know it. */
export interface Events {
  onShard(session: Session): boolean
  /** To the bot's sessions of the guild's shard. False where there is none. */
  toBot(event: string, data: unknown): boolean
  toUser(user: string, event: string, data: unknown): void
  /** To all who see the channel; to bots with that intent. */
  inChannel(event: string, channel: Channel, data: unknown, needs: number): void
  /** `nonce` goes to this user alone: it is theirs. */
  message(
    event: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE',
    stored: StoredMessage,
    nonce?: { readonly user: string; readonly value?: string },
  ): void
  messageGone(stored: StoredMessage): void
  /** To all in the guild; to bots with that intent. */
  inGuild(event: string, data: unknown, needs: number): void
}

export function createEvents(world: World, sessions: Sessions): Events {
  const onShard = ({ shard }: Session) => (BigInt(world.guild.id) >> 22n) % BigInt(shard[1]) === BigInt(shard[0])
  const hears = (session: Session, channel: Channel | undefined, needs: number) => {
    const member = world.members.get(session.account.id)
    if (!member || (channel && !canSee(world, member, channel))) return false
    return session.account.kind === 'user' || ((needs === 0 || (session.intents & needs) !== 0) && onShard(session))
  }

  return {
    onShard,
    toBot: (event, data) => {
      let reached = false
      sessions.broadcast(event, (session) => {
        if (session.account.kind !== 'bot' || !onShard(session)) return undefined
        reached = true
        return data
      })
      return reached
    },
    toUser: (user, event, data) => {
      sessions.broadcast(event, ({ account }) => (account.id === user ? data : undefined))
    },
    inChannel: (event, channel, data, needs) => {
      sessions.broadcast(event, (session) => (hears(session, channel, needs) ? data : undefined))
    },
    inGuild: (event, data, needs) => {
      sessions.broadcast(event, (session) => (hears(session, undefined, needs) ? data : undefined))
    },
    message: (event, stored, nonce) => {
      const channel = world.channels.get(stored.message.channel_id)
      const { nonce: own, ...shown } = present(stored.message, world)
      const author = world.members.get(shown.author.id)
      const inGuild = { guild_id: world.guild.id, ...(author ? { member: bareMember(author) } : {}) }
      const data = stored.visibleTo ? shown : { ...shown, ...inGuild }
      const blank = { ...data, content: '', embeds: [], components: [], attachments: [] }
      const addressed = nonce?.value === undefined ? data : { ...data, nonce: nonce.value }
      sessions.broadcast(event, (session) => {
        const { id, kind } = session.account
        if (stored.visibleTo && stored.visibleTo !== id) return undefined
        if (kind === 'user' && nonce?.user === id) return addressed
        if (!hears(session, channel, intent.guildMessages)) return undefined
        return kind === 'user' || reads(session, shown) ? data : blank
      })
    },
    messageGone: ({ message, visibleTo }) => {
      const channel = world.channels.get(message.channel_id)
      const data = { id: message.id, channel_id: message.channel_id, guild_id: world.guild.id }
      sessions.broadcast('MESSAGE_DELETE', (session) => {
        if (visibleTo && visibleTo !== session.account.id) return undefined
        return hears(session, channel, intent.guildMessages) ? data : undefined
      })
    },
  }
}

/** Without the Message Content intent a bot reads its own messages and those that mention it. */
function reads(session: Session, message: Message): boolean {
  const own = session.account.id
  return (session.intents & intent.messageContent) !== 0 || message.author.id === own || message.mentions.some(({ id }) => id === own)
}
