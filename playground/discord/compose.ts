import { filled, settle } from './components.ts'
import { mentionsIn } from './mentions.ts'
import type { Attachment, Channel, Component, Message, StoredMessage, User } from './model.ts'
import { Refused } from './refusals.ts'
import { formError } from './schemas/form-errors.ts'
import type { MessageForm } from './schemas/message.ts'
import { flag } from './schemas/message.ts'
import type { Upload } from './uploads.ts'
import { keepUploads, resolveAttachments } from './uploads.ts'
import type { World } from './world.ts'

export interface Content {
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
}

interface Composed {
  readonly message: Message
  /** Paths of its uploads. */
  readonly files: readonly string[]
}

const settable = flag.suppressEmbeds | flag.suppressNotifications | flag.componentsV2 | flag.ephemeral
const everything = ['users', 'roles', 'everyone']

/** A new message. `byToken`: an interaction's, which mentions users alone if it does not say. Refuses 50006 and what uploads refuse. */
export function newMessage(
  { channel, author, form, uploads = [], type = 0, flags = 0, more = {} }: Content,
  byToken: boolean,
  world: World,
): Composed {
  const attachments = keepUploads(uploads, channel.id, form, world)
  const content = (form.content ?? '').trim()
  const message: Message = {
    id: world.ids.next(),
    channel_id: channel.id,
    type,
    author,
    content,
    ...body(form.embeds ?? [], form.components ?? [], attachments),
    ...mentionsIn(content, form.allowed_mentions, byToken ? ['users'] : everything, world),
    flags: ((form.flags ?? 0) & settable) | flags,
    timestamp: timestamp(world),
    edited_timestamp: null,
    pinned: false,
    tts: form.tts ?? false,
    ...(form.nonce ? { nonce: form.nonce } : {}),
    ...more,
  }
  const files = attachments.map(pathOf)
  if (!(message.flags & flag.loading)) refuseEmpty(message, files)
  return { message, files }
}

/** The message with what the form names changed; uploads that it does not list are gone. Refuses 50006, 50035. */
export function editedMessage(
  { message, files, interaction }: StoredMessage,
  form: MessageForm,
  uploads: readonly Upload[],
  world: World,
): Composed {
  const fresh = keepUploads(uploads, message.channel_id, form, world)
  const listed = form.attachments?.map(({ id }) => id)
  const standing = message.attachments.filter(({ id }) => (listed ? listed.includes(id) : fresh.length === 0))
  const content = form.content === undefined ? message.content : (form.content ?? '').trim()
  const parts = body(form.embeds === undefined ? message.embeds : (form.embeds ?? []), form.components ?? [], [...standing, ...fresh])
  const next: Message = {
    ...message,
    content,
    ...parts,
    components: form.components === undefined ? message.components : parts.components,
    ...mentionsIn(content, form.allowed_mentions, interaction ? ['users'] : everything, world),
    flags: editedFlags(message.flags, form.flags),
    // What fills a loading message does not count as an edit.
    edited_timestamp: message.flags & flag.loading ? null : timestamp(world),
  }
  if (next.flags & flag.componentsV2 && (next.content || next.embeds.length > 0)) {
    throw formError(['flags'], 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2', 'Content and embeds must be cleared')
  }
  const text = JSON.stringify([next.attachments, next.embeds, next.components])
  const used = [...files, ...fresh.map(pathOf)].filter((path) => text.includes(path))
  refuseEmpty(next, used)
  return { message: next, files: used }
}

function body(embeds: readonly object[] | readonly unknown[], components: readonly Component[], attachments: readonly Attachment[]) {
  const rich = embeds.map((embed) => described(embedShape(resolveAttachments(embed as EmbedLike, attachments)), attachments))
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

function pathOf({ url }: Attachment): string {
  return url.slice('cdn:'.length)
}

function timestamp({ clock }: World): string {
  return clock.now().toISOString().replace('Z', '000+00:00')
}

/** The picture of an embed carries the alt text of the file that it shows. */
function described(embed: { readonly image?: { readonly url?: string } }, attachments: readonly Attachment[]): object {
  const shown = attachments.find(({ url }) => url === embed.image?.url)
  return shown?.description ? { ...embed, image: { ...embed.image, description: shown.description } } : embed
}
