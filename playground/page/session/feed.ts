import { compareSnowflakes } from '#playground/page/snowflake.ts'
import { type Message, messageFlags } from '#playground/page/wire.ts'

/** The messages of one channel, oldest first. */
export interface Feed {
  readonly messages: readonly Message[]
  /** Whether the newest were fetched; false until then and after a lost session. */
  readonly fresh: boolean
  /** Whether older ones can be fetched. */
  readonly more: boolean
}

export const emptyFeed: Feed = { messages: [], fresh: false, more: false }

/** A new message, or one that is there already, as it is now. */
export function putMessage(feed: Feed, message: Message): Feed {
  return { ...feed, messages: mergeById(feed.messages, [message]) }
}

/** MESSAGE_UPDATE carries what changed, or all. One that was never seen is left alone unless it is whole. */
export function changeMessage(feed: Feed, change: Partial<Message> & { readonly id: string }): Feed {
  const known = feed.messages.find(({ id }) => id === change.id)
  if (!known && change.author === undefined) return feed
  return putMessage(feed, { ...known, ...change } as Message)
}

export function dropMessage(feed: Feed, id: string): Feed {
  return { ...feed, messages: feed.messages.filter((message) => message.id !== id) }
}

/** The newest page as fetched: it replaces what is held, except what only this session has (ephemeral messages are never fetched). */
export function refreshFeed(feed: Feed, page: readonly Message[], pageSize: number): Feed {
  const held = feed.messages.filter(isEphemeral)
  return { messages: mergeById(held, page), fresh: true, more: page.length >= pageSize }
}

/** An older page as fetched. */
export function extendFeed(feed: Feed, page: readonly Message[], pageSize: number): Feed {
  return { ...feed, messages: mergeById(page, feed.messages), more: page.length >= pageSize }
}

export function isEphemeral({ flags = 0 }: Message): boolean {
  return (flags & messageFlags.ephemeral) !== 0
}

export function isLoading({ flags = 0 }: Message): boolean {
  return (flags & messageFlags.loading) !== 0
}

function mergeById(older: readonly Message[], newer: readonly Message[]): readonly Message[] {
  const byId = new Map([...older, ...newer].map((message) => [message.id, message]))
  return [...byId.values()].sort((a, b) => compareSnowflakes(a.id, b.id))
}
