import type { Message, Modal, User } from '#playground/page/wire.ts'
import { changeMessage, dropMessage, emptyFeed, type Feed, putMessage } from './feed.ts'
import type { Link } from './gateway.ts'
import { readVoiceStates, type VoiceState, withVoiceState } from './voice-states.ts'

/** An interaction that was sent and is not settled. */
export interface Pending {
  readonly nonce: string
  readonly channel: string
  /** What is shown in its place until the answer comes: `/deploy`. */
  readonly title: string
  /** The component that was pressed, and on which message; undefined for a command. */
  readonly on?: { readonly message: string; readonly customId: string }
  /** Why it failed, as a sentence; undefined while it is under way. */
  readonly failure?: string
}

export interface SessionState {
  readonly link: Link
  /** Everybody in the guild, as READY names them. */
  readonly members: readonly User[]
  /** Who is in which voice channel. */
  readonly voice: readonly VoiceState[]
  readonly feeds: Readonly<Record<string, Feed>>
  readonly pending: readonly Pending[]
  readonly modal?: Modal
}

interface Ready {
  readonly guilds?: readonly {
    readonly members?: readonly { readonly user: User }[]
    readonly voice_states?: Parameters<typeof readVoiceStates>[0]
  }[]
}

export const freshState: SessionState = { link: 'connecting', members: [], voice: [], feeds: {}, pending: [] }

export function withFeed(state: SessionState, channel: string, change: (feed: Feed) => Feed): SessionState {
  return { ...state, feeds: { ...state.feeds, [channel]: change(state.feeds[channel] ?? emptyFeed) } }
}

export function withoutPending(state: SessionState, nonce: unknown): SessionState {
  const rest = state.pending.filter((pending) => pending.nonce !== String(nonce))
  return rest.length === state.pending.length ? state : { ...state, pending: rest }
}

export function withoutModal(state: SessionState, id: string): SessionState {
  if (state.modal?.id !== id) return state
  const { modal: _, ...rest } = state
  return rest
}

export function withFailure(state: SessionState, nonce: unknown, failure: string): SessionState {
  return { ...state, pending: state.pending.map((pending) => (pending.nonce === String(nonce) ? { ...pending, failure } : pending)) }
}

/** What was held may have changed while the session was away: everything is to be fetched again. */
export function staleFeeds(state: SessionState): SessionState {
  const feeds = Object.fromEntries(Object.entries(state.feeds).map(([id, feed]) => [id, { ...feed, fresh: false }]))
  return { ...state, feeds }
}

/** What a gateway event does to what is shown. Unknown events change nothing. */
export function applyEvent(state: SessionState, name: string, data: unknown): SessionState {
  switch (name) {
    case 'READY':
      return { ...staleFeeds(state), ...readGuild((data as Ready).guilds?.[0]) }
    case 'VOICE_STATE_UPDATE':
      return { ...state, voice: withVoiceState(state.voice, data as Parameters<typeof withVoiceState>[1]) }
    case 'MESSAGE_CREATE': {
      const message = named(data as Message, state.pending)
      const counted = withThreadCount(state, message.channel_id)
      return withoutPending(
        withFeed(counted, message.channel_id, (feed) => putMessage(feed, message)),
        message.nonce,
      )
    }
    case 'MESSAGE_UPDATE': {
      const change = data as Partial<Message> & { id: string; channel_id: string }
      return withFeed(state, change.channel_id, (feed) => changeMessage(feed, change))
    }
    case 'MESSAGE_DELETE': {
      const { id, channel_id } = data as { id: string; channel_id: string }
      return withFeed(state, channel_id, (feed) => dropMessage(feed, id))
    }
    case 'INTERACTION_SUCCESS':
      return withoutPending(state, (data as { nonce: unknown }).nonce)
    case 'INTERACTION_FAILURE':
      return failed(state, data as { nonce: unknown; reason_code?: number })
    case 'INTERACTION_MODAL_CREATE': {
      const modal = data as Modal
      const channel = state.pending.find(({ nonce }) => nonce === String(modal.nonce))?.channel
      return { ...withoutPending(state, modal.nonce), modal: { ...(channel ? { channel_id: channel } : {}), ...modal } }
    }
    default:
      return state
  }
}

/** One more message in a thread, which has the id of the message that it hangs on. */
function withThreadCount(state: SessionState, id: string): SessionState {
  const found = Object.entries(state.feeds).find(([, { messages }]) => messages.some((message) => message.id === id && message.thread))
  if (!found) return state
  return withFeed(state, found[0], (feed) => ({
    ...feed,
    messages: feed.messages.map((message) => {
      if (message.id !== id || !message.thread) return message
      return { ...message, thread: { ...message.thread, message_count: (message.thread.message_count ?? 0) + 1 } }
    }),
  }))
}

function readGuild(guild: NonNullable<Ready['guilds']>[number] = {}): Pick<SessionState, 'members' | 'voice'> {
  return { members: (guild.members ?? []).map(({ user }) => user), voice: readVoiceStates(guild.voice_states) }
}

/** Discord's newer `interaction_metadata` does not say which command it was; for one's own the page knows. */
function named(message: Message, pending: readonly Pending[]): Message {
  const { interaction, interaction_metadata: metadata, nonce } = message
  const mine = pending.find((one) => one.nonce === String(nonce) && one.title.startsWith('/'))
  if (interaction || !metadata || !mine) return message
  return { ...message, interaction: { id: metadata.id, user: metadata.user, name: mine.title.slice(1) } }
}

function failed(state: SessionState, { nonce, reason_code }: { nonce: unknown; reason_code?: number }): SessionState {
  const pending = state.pending.find((one) => one.nonce === String(nonce))
  if (!pending) return state
  if (pending.on) return withFailure(state, nonce, 'This interaction failed')
  return withFailure(state, nonce, reason_code === 2 ? 'The application did not respond' : 'This interaction failed')
}
