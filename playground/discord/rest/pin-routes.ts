import type { Access } from '../access.ts'
import type { Events } from '../gateway/events.ts'
import type { Messages } from '../messages.ts'
import type { StoredMessage } from '../model.ts'
import { present } from '../present.ts'
import { Refused } from '../refusals.ts'
import type { World } from '../world.ts'
import { buckets } from './buckets.ts'
import type { Asked, Route } from './route.ts'
import { botRoute, nothing, ok } from './route.ts'

interface Deps {
  readonly world: World
  readonly messages: Messages
  readonly access: Access
  readonly events: Events
}

const most = 250

/** Pins, by the routes of today and those of before: https://docs.discord.com/developers/resources/message#get-channel-pins */
export function pinRoutes({ world, messages, access, events }: Deps): Route[] {
  const pinned = (channel: string) =>
    [...(world.messages.get(channel)?.values() ?? [])]
      .filter((stored): stored is StoredMessage & { pinnedAt: string } => stored.pinnedAt !== undefined)
      .sort((one, other) => other.pinnedAt.localeCompare(one.pinnedAt))
  const set =
    (pin: boolean) =>
    ({ account, params }: Asked) => {
      const channel = access.channel(account, params.channel ?? '', 'PIN_MESSAGES')
      const stored = messages.find(channel.id, params.message ?? '')
      if (!stored || stored.visibleTo) throw new Refused('unknownMessage')
      if (pin && !stored.pinnedAt && pinned(channel.id).length >= most) throw new Refused('pinsFull')
      const at = world.clock.now().toISOString()
      if (pin) stored.pinnedAt = at
      else delete stored.pinnedAt
      messages.patch(stored, { pinned: pin })
      const data = { guild_id: world.guild.id, channel_id: channel.id, last_pin_timestamp: pinned(channel.id)[0]?.pinnedAt ?? null }
      events.inChannel('CHANNEL_PINS_UPDATE', channel, data, 1)
      return nothing
    }

  return [
    botRoute('GET', '/channels/:channel/messages/pins', buckets.read, ({ account, params, query }) => {
      const channel = access.channel(account, params.channel ?? '', 'READ_MESSAGE_HISTORY')
      const { before } = query
      const all = pinned(channel.id).filter(({ pinnedAt }) => !before || pinnedAt < before)
      const limit = Number(query.limit ?? 50)
      const items = all.slice(0, limit).map(({ pinnedAt, message }) => ({ pinned_at: pinnedAt, message: present(message, world) }))
      return ok({ items, has_more: all.length > limit })
    }),
    ...['/channels/:channel/messages/pins/:message', '/channels/:channel/pins/:message'].flatMap((path) => [
      botRoute('PUT', path, buckets.pin, set(true)),
      botRoute('DELETE', path, buckets.pin, set(false)),
    ]),
  ]
}
