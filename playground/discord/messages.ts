import { filled, settle } from './components.ts'
import type { Events } from './gateway/events.ts'
import { mentionsIn } from './mentions.ts'
import type { Attachment, Channel, Component, Message, StoredMessage, User } from './model.ts'
import { Refused } from './refusals.ts'
import { formError } from './schemas/form-errors.ts'
import type { MessageForm } from './schemas/message.ts'
import { flag } from './schemas/message.ts'
import type { Upload } from './uploads.ts'
import { keepUploads, resolveAttachments } from './uploads.ts'
import type { World } from './world.ts'

export interface Draft {
  readonly channel: Channel
  readonly author: User
  readonly form: MessageForm
  readonly uploads?: readonly Upload[]
  /** 0 plain, 19 a reply, 20 the answer to a slash command. */
  readonly type?: number
  /** Flags that a sender cannot set: loading. */
  readonly flags?: number
  /** What the message is known by besides: `interaction_metadata`, `webhook_id`. */
  readonly more?: object
  readonly interaction?: string
  /** Who asked for it: an ephemeral message is theirs, and their client finds its answer by the nonce. */
  readonly asker?: { readonly user: string; readonly value?: string }
}

export interface Messages {
  /** Refuses 50006 and what uploads refuse. */
  create(draft: Draft): StoredMessage
  /** Changes what the form names. Refuses 50006, 50035. */
  edit(stored: StoredMessage, form: MessageForm, uploads?: readonly Upload[]): void
  /** Sets fields that no form sets (`pinned`, `thread`), and tells everybody. */
  patch(stored: StoredMessage, fields: Partial<Message>): void
  remove(stored: StoredMessage): void
  find(channel: string, id: string): StoredMessage | undefined
  /** The author's message with that nonce within the last minutes. */
  withNonce(channel: string, author: string, nonce: string): StoredMessage | undefined
}

/** A channel keeps that many; the oldest go. */
const kept = 2000
const nonceMs = 300_000
const settable = flag.suppressEmbeds | flag.suppressNotifications | flag.componentsV2 | flag.ephemeral

export function createMessages(world: World, events: Events): Messages {
  const nonces = new Map<string, StoredMessage>()

  const inChannel = (channel: string) => {
    const all = world.messages.get(channel) ?? new Map<string, StoredMessage>()
    world.messages.set(channel, all)
    return all
  }
  const forget = (stored: StoredMessage) => {
    for (const path of stored.files) world.files.delete(path)
    inChannel(stored.message.channel_id).delete(stored.message.id)
  }
  const rememberNonce = (stored: StoredMessage) => {
    const { channel_id, author, nonce } = stored.message
    if (nonce === undefined) return
    const oldest = world.clock.now().getTime() - nonceMs
    for (const [key, { bornAt }] of nonces) {
      if (bornAt >= oldest) break
      nonces.delete(key)
    }
    nonces.set(`${channel_id} ${author.id} ${nonce}`, stored)
  }
  for (const all of world.messages.values()) for (const stored of all.values()) rememberNonce(stored)

  const messages: Messages = {
    create: ({ channel, author, form, uploads = [], type = 0, flags = 0, more = {}, interaction, asker }) => {
      const now = world.clock.now()
      const attachments = keepUploads(uploads, channel.id, form, world)
      const content = (form.content ?? '').trim()
      const shown = ((form.flags ?? 0) & settable) | flags
      const by = interaction === undefined ? ['users', 'roles', 'everyone'] : ['users']
      const message: Message = {
        id: world.ids.next(),
        channel_id: channel.id,
        type,
        author,
        content,
        ...body(form.embeds ?? [], form.components ?? [], attachments),
        ...mentionsIn(content, form.allowed_mentions, by, world),
        flags: shown,
        timestamp: now.toISOString().replace('Z', '000+00:00'),
        edited_timestamp: null,
        pinned: false,
        tts: form.tts ?? false,
        ...(form.nonce ? { nonce: form.nonce } : {}),
        ...more,
      }
      const files = attachments.map(({ url }) => url.slice('cdn:'.length))
      if (!(shown & flag.loading)) refuseEmpty(message, files)
      const visibleTo = shown & flag.ephemeral ? { visibleTo: asker?.user ?? author.id } : {}
      const stored: StoredMessage = { message, bornAt: now.getTime(), files, ...visibleTo, ...(interaction ? { interaction } : {}) }
      const all = inChannel(channel.id).set(message.id, stored)
      const oldest = all.size > kept ? all.values().next().value : undefined
      if (oldest) forget(oldest)
      world.channels.set(channel.id, { ...channel, last_message_id: message.id })
      rememberNonce(stored)
      events.message('MESSAGE_CREATE', stored, asker)
      world.changed()
      return stored
    },

    edit: (stored, form, uploads = []) => {
      const { message } = stored
      const loading = (message.flags & flag.loading) !== 0
      const fresh = keepUploads(uploads, message.channel_id, form, world)
      const keeps = form.attachments?.map(({ id }) => id)
      const standing = message.attachments.filter(({ id }) => (keeps ? keeps.includes(id) : fresh.length === 0))
      const content = form.content === undefined ? message.content : (form.content ?? '').trim()
      const attachments = [...standing, ...fresh]
      const parts = body(form.embeds === undefined ? message.embeds : (form.embeds ?? []), form.components ?? [], attachments)
      const mine = { ...parts, components: form.components === undefined ? message.components : parts.components }
      const next: Message = {
        ...message,
        content,
        ...mine,
        ...mentionsIn(content, form.allowed_mentions, stored.interaction ? ['users'] : ['users', 'roles', 'everyone'], world),
        flags: editedFlags(message.flags, form.flags),
        edited_timestamp: loading ? null : world.clock.now().toISOString().replace('Z', '000+00:00'),
      }
      if (next.flags & flag.componentsV2 && (next.content || next.embeds.length > 0)) {
        throw formError(['flags'], 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2', 'Content and embeds must be cleared')
      }
      const files = [...stored.files, ...fresh.map(({ url }) => url.slice('cdn:'.length))]
      const text = JSON.stringify([next.attachments, next.embeds, next.components])
      const used = files.filter((path) => text.includes(path))
      refuseEmpty(next, used)
      for (const path of files) if (!used.includes(path)) world.files.delete(path)
      stored.files = used
      stored.message = next
      events.message('MESSAGE_UPDATE', stored)
      world.changed()
    },

    patch: (stored, fields) => {
      stored.message = { ...stored.message, ...fields }
      events.message('MESSAGE_UPDATE', stored)
      world.changed()
    },

    remove: (stored) => {
      forget(stored)
      events.messageGone(stored)
      world.changed()
    },

    find: (channel, id) => world.messages.get(channel)?.get(id),
    withNonce: (channel, author, nonce) => {
      const found = nonces.get(`${channel} ${author} ${nonce}`)
      if (!found || found.bornAt < world.clock.now().getTime() - nonceMs) return undefined
      return messages.find(channel, found.message.id)
    },
  }
  return messages
}

function body(embeds: readonly object[] | readonly unknown[], components: readonly Component[], attachments: readonly Attachment[]) {
  const rich = embeds.map((embed) => embedShape(resolveAttachments(embed as EmbedLike, attachments)))
  const parts = settle(resolveAttachments(components, attachments))
  // A file that an embed shows is not listed a second time.
  const text = JSON.stringify([rich, parts])
  return { embeds: rich, components: parts, attachments: attachments.filter(({ url }) => !text.includes(`"${url}"`)) }
}

interface EmbedLike {
  readonly fields?: readonly { readonly inline?: boolean | null }[] | null
}

function embedShape(embed: EmbedLike): object {
  const { fields, ...own } = filled(embed) as EmbedLike
  return { type: 'rich', ...own, ...(fields ? { fields: fields.map((field) => ({ inline: false, ...field })) } : {}) }
}

/** Of an edit's flags only suppressed embeds count, and V2, which can be set but not removed. An edit ends the loading. */
function editedFlags(flags: number, wanted: number | null | undefined): number {
  const standing = flags & ~flag.loading
  if (wanted === undefined || wanted === null) return standing
  return (standing & ~flag.suppressEmbeds) | (wanted & (flag.suppressEmbeds | flag.componentsV2))
}

function refuseEmpty(message: Message, files: readonly string[]): void {
  if (message.content || message.embeds.length > 0 || message.components.length > 0 || files.length > 0) return
  throw new Refused('emptyMessage')
}
