import type { Content } from './compose.ts'
import { editedMessage, newMessage } from './compose.ts'
import type { Events } from './gateway/events.ts'
import type { Channel, Message, StoredMessage } from './model.ts'
import { isThread } from './permissions.ts'
import type { MessageForm } from './schemas/message.ts'
import { flag } from './schemas/message.ts'
import type { Upload } from './uploads.ts'
import type { World } from './world.ts'

/** What is to be written, and for whom. */
export interface Draft extends Content {
  /** Id of the interaction whose token writes it. */
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
const kept = 1000
const nonceMs = 300_000

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
    create: ({ interaction, asker, ...draft }) => {
      const { channel, author } = draft
      const { message, files } = newMessage(draft, interaction !== undefined, world)
      const visibleTo = message.flags & flag.ephemeral ? { visibleTo: asker?.user ?? author.id } : {}
      const bornAt = world.clock.now().getTime()
      const stored: StoredMessage = { message, bornAt, files, ...visibleTo, ...(interaction ? { interaction } : {}) }
      const all = inChannel(channel.id).set(message.id, stored)
      const oldest = all.size > kept ? all.values().next().value : undefined
      if (oldest) forget(oldest)
      world.channels.set(channel.id, { ...channel, ...counted(channel), last_message_id: message.id })
      rememberNonce(stored)
      events.message('MESSAGE_CREATE', stored, asker)
      world.changed()
      return stored
    },

    edit: (stored, form, uploads = []) => {
      const { message, files } = editedMessage(stored, form, uploads, world)
      for (const path of stored.files) if (!files.includes(path)) world.files.delete(path)
      stored.files = files
      stored.message = message
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

/** A thread knows how many messages it has. */
function counted(channel: Channel): Partial<Channel> {
  if (!isThread(channel)) return {}
  const count = (field: string) => Number(channel[field] ?? 0) + 1
  return { message_count: count('message_count'), total_message_sent: count('total_message_sent') }
}
