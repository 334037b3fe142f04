import { z } from 'zod'
import type { Access } from '../access.ts'
import type { Events } from '../gateway/events.ts'
import { intent } from '../gateway/intents.ts'
import type { Messages } from '../messages.ts'
import type { Channel } from '../model.ts'
import { isThread } from '../permissions.ts'
import { Refused } from '../refusals.ts'
import { readForm, text } from '../schemas/form-errors.ts'
import { flag } from '../schemas/message.ts'
import type { World } from '../world.ts'
import { buckets } from './buckets.ts'
import type { RateLimits } from './rate-limits.ts'
import type { Asked, Route } from './route.ts'
import { botRoute, nothing, ok } from './route.ts'

interface Deps {
  readonly world: World
  readonly messages: Messages
  readonly access: Access
  readonly events: Events
  readonly limits: RateLimits
}

const archive = z.literal([60, 1440, 4320, 10080])
const changes = z.object({
  name: text(1, 100).optional(),
  topic: text(0, 1024).nullish(),
  archived: z.boolean().optional(),
  locked: z.boolean().optional(),
  auto_archive_duration: archive.optional(),
})
const thread = z.object({ name: text(1, 100), auto_archive_duration: archive.nullish(), rate_limit_per_user: z.int().nullish() })

/** Channels, threads among them: https://docs.discord.com/developers/resources/channel */
export function channelRoutes({ world, messages, access, events, limits }: Deps): Route[] {
  const keep = (channel: Channel, event: string) => {
    world.channels.set(channel.id, channel)
    events.inChannel(event, channel, channel, intent.guilds)
    world.changed()
    return channel
  }
  return [
    botRoute('GET', '/channels/:channel', buckets.read, ({ account, params }) => ok(access.channel(account, params.channel ?? ''))),
    botRoute('PATCH', '/channels/:channel', buckets.channel, (asked) => ok(change(asked))),
    botRoute('POST', '/channels/:channel/typing', buckets.typing, ({ account, params }) => {
      const channel = access.writable(account, params.channel ?? '')
      const at = Math.floor(world.clock.now().getTime() / 1000)
      events.inChannel(
        'TYPING_START',
        channel,
        { channel_id: channel.id, guild_id: world.guild.id, user_id: account, timestamp: at },
        intent.typing,
      )
      return nothing
    }),
    botRoute('POST', '/channels/:channel/messages/:message/threads', buckets.channel, (asked) => ({ status: 201, body: open(asked) })),
  ]

  function change({ account, params, body }: Asked) {
    const channel = world.channels.get(params.channel ?? '')
    access.channel(account, params.channel ?? '', channel && isThread(channel) ? 'SEND_MESSAGES_IN_THREADS' : 'MANAGE_CHANNELS')
    const { archived, locked, auto_archive_duration, name, topic } = readForm(changes, body)
    const own = given({ name, topic })
    if (Object.keys(own).length > 0) limits.sublimit(buckets.channelName, params.channel ?? '')
    const standing = channel as Channel
    const metadata = given({ archived, locked, auto_archive_duration })
    if (!standing.thread_metadata) return keep({ ...standing, ...own }, 'CHANNEL_UPDATE')
    return keep({ ...standing, ...own, thread_metadata: { ...standing.thread_metadata, ...metadata } }, 'THREAD_UPDATE')
  }

  function open({ account, params, body }: Asked) {
    const parent = access.channel(account, params.channel ?? '', 'CREATE_PUBLIC_THREADS')
    if (parent.type !== 0) throw new Refused('notInThisChannel')
    const stored = messages.find(parent.id, params.message ?? '')
    if (!stored || stored.visibleTo) throw new Refused('unknownMessage')
    if (world.channels.has(stored.message.id)) throw new Refused('threadExists')
    const { name, auto_archive_duration } = readForm(thread, body)
    const now = world.clock.now().toISOString()
    const opened: Channel = {
      id: stored.message.id,
      type: 11,
      guild_id: world.guild.id,
      parent_id: parent.id,
      owner_id: account,
      name,
      flags: 0,
      position: 0,
      last_message_id: null,
      rate_limit_per_user: 0,
      message_count: 0,
      member_count: 1,
      total_message_sent: 0,
      thread_metadata: {
        archived: false,
        locked: false,
        archive_timestamp: now,
        auto_archive_duration: auto_archive_duration ?? 1440,
        create_timestamp: now,
      },
    }
    keep(opened, 'THREAD_CREATE')
    messages.patch(stored, { flags: stored.message.flags | flag.hasThread, thread: opened })
    return opened
  }
}

/** Without what was left out. */
function given<Fields extends object>(fields: Fields): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as ReturnType<typeof given<Fields>>
}
