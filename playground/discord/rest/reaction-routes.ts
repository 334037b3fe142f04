import type { Access } from '../access.ts'
import type { Events } from '../gateway/events.ts'
import { intent } from '../gateway/intents.ts'
import type { Messages } from '../messages.ts'
import { Refused } from '../refusals.ts'
import type { World } from '../world.ts'
import { buckets } from './buckets.ts'
import type { Asked, Route } from './route.ts'
import { botRoute, nothing } from './route.ts'

interface Deps {
  readonly world: World
  readonly messages: Messages
  readonly access: Access
  readonly events: Events
}

interface Reaction {
  readonly emoji: { readonly id: null; readonly name: string }
  readonly count: number
  readonly [more: string]: unknown
}

/** The bot's own reactions with Unicode emoji: https://docs.discord.com/developers/resources/message#create-reaction */
export function reactionRoutes({ world, messages, access, events }: Deps): Route[] {
  const path = '/channels/:channel/messages/:message/reactions/:emoji/@me'
  const react =
    (on: boolean) =>
    ({ account, params }: Asked) => {
      const channel = access.channel(account, params.channel ?? '', 'READ_MESSAGE_HISTORY', ...(on ? (['ADD_REACTIONS'] as const) : []))
      const stored = messages.find(channel.id, params.message ?? '')
      if (!stored || stored.visibleTo) throw new Refused('unknownMessage')
      const emoji = { id: null, name: decodeURIComponent(params.emoji ?? '') }
      const others = ((stored.message.reactions ?? []) as Reaction[]).filter((each) => each.emoji.name !== emoji.name)
      const mine = {
        emoji,
        count: 1,
        count_details: { burst: 0, normal: 1 },
        burst_colors: [],
        me_burst: false,
        me: true,
        burst_me: false,
        burst_count: 0,
      }
      messages.patch(stored, { reactions: on ? [...others, mine] : others })
      const data = {
        user_id: account,
        channel_id: channel.id,
        message_id: stored.message.id,
        guild_id: world.guild.id,
        emoji,
        burst: false,
        type: 0,
      }
      events.inChannel(on ? 'MESSAGE_REACTION_ADD' : 'MESSAGE_REACTION_REMOVE', channel, data, intent.reactions)
      return nothing
    }
  return [botRoute('PUT', path, buckets.reaction, react(true)), botRoute('DELETE', path, buckets.reaction, react(false))]
}
