import type { Access } from '../access.ts'
import { listMessages } from '../message-list.ts'
import type { Messages } from '../messages.ts'
import type { StoredMessage } from '../model.ts'
import type { PermissionName } from '../permissions.ts'
import { present } from '../present.ts'
import { Refused } from '../refusals.ts'
import type { MessageForm } from '../schemas/message.ts'
import { flag, readMessage } from '../schemas/message.ts'
import type { World } from '../world.ts'
import { buckets } from './buckets.ts'
import type { RateLimits } from './rate-limits.ts'
import type { Asked, Route } from './route.ts'
import { botRoute, nothing, ok } from './route.ts'

interface Deps {
  readonly world: World
  readonly messages: Messages
  readonly access: Access
  readonly limits: RateLimits
}

const hour = 3_600_000

/** Messages in channels: https://docs.discord.com/developers/resources/message */
export function messageRoutes({ world, messages, access, limits }: Deps): Route[] {
  const find = (channel: string, id: string): StoredMessage => {
    const found = messages.find(channel, id)
    // An ephemeral message is known to its token alone.
    if (!found || found.visibleTo) throw new Refused('unknownMessage')
    return found
  }
  const { channel: channelOf, message: messageOf } = {
    channel: ({ params }: Asked) => params.channel ?? '',
    message: ({ params }: Asked) => params.message ?? '',
  }
  const path = '/channels/:channel/messages'

  return [
    botRoute('GET', path, buckets.read, (asked) => {
      const channel = access.channel(asked.account, channelOf(asked), 'READ_MESSAGE_HISTORY')
      return ok(listMessages(world, channel.id, undefined, asked.query))
    }),
    botRoute('GET', `${path}/:message`, buckets.read, (asked) => {
      access.channel(asked.account, channelOf(asked), 'READ_MESSAGE_HISTORY')
      return ok(present(find(channelOf(asked), messageOf(asked)).message, world))
    }),
    botRoute('POST', path, buckets.send, (asked) => ok(post(asked))),
    botRoute('PATCH', `${path}/:message`, buckets.edit, (asked) => {
      const stored = find(access.channel(asked.account, channelOf(asked)).id, messageOf(asked))
      if (stored.message.author.id !== asked.account) throw new Refused('notTheAuthor')
      const form = readMessage(asked.body, stored.message.flags)
      if (world.clock.now().getTime() - stored.bornAt > hour) limits.sublimit(buckets.oldEdit, channelOf(asked), 'oldEdits')
      messages.edit(stored, form, asked.uploads)
      return ok(present(stored.message, world))
    }),
    botRoute('DELETE', `${path}/:message`, buckets.remove, (asked) => {
      access.channel(asked.account, channelOf(asked))
      const stored = find(channelOf(asked), messageOf(asked))
      if (stored.message.author.id !== asked.account) access.channel(asked.account, channelOf(asked), 'MANAGE_MESSAGES')
      messages.remove(stored)
      return nothing
    }),
  ]

  function post({ account, params, body, uploads }: Asked) {
    const form = readMessage(body)
    const channel = access.writable(account, params.channel ?? '', ...neededFor(form, uploads.length))
    const twin = form.nonce && form.enforce_nonce ? messages.withNonce(channel.id, account, form.nonce) : undefined
    if (twin) return present(twin.message, world)
    const replied = form.message_reference?.message_id
    if (replied && !messages.find(channel.id, replied)) throw new Refused('unknownMessage')
    const reference = { type: 0, channel_id: channel.id, message_id: replied, guild_id: world.guild.id }
    const reply = replied ? { type: 19, more: { message_reference: reference } } : {}
    // Only an interaction's answer can be ephemeral.
    const plain = { ...form, flags: (form.flags ?? 0) & ~flag.ephemeral }
    return present(messages.create({ channel, author: access.member(account).user, form: plain, uploads, ...reply }).message, world)
  }
}

function neededFor(form: MessageForm, uploads: number): PermissionName[] {
  return [...(form.embeds?.length ? (['EMBED_LINKS'] as const) : []), ...(uploads > 0 ? (['ATTACH_FILES'] as const) : [])]
}
