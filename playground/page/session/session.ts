import type { Leaf } from '#playground/page/commands/leaf.ts'
import { type Draft, toOptions } from '#playground/page/commands/values.ts'
import { createStore, type Store } from '#playground/page/store.ts'
import type { ApplicationCommand, Choice, Component, Message, Modal } from '#playground/page/wire.ts'
import type { Api } from './api.ts'
import { dropMessage, extendFeed, refreshFeed } from './feed.ts'
import { createGateway } from './gateway.ts'
import { applyEvent, freshState, type SessionState, withFailure, withFeed, withoutModal, withoutPending } from './session-state.ts'

export interface SessionDeps {
  readonly api: Api
  readonly token: string
  readonly guild: string
  readonly application: string
  readonly nonce: () => string
  readonly socket: (url: string) => WebSocket
  readonly later: (action: () => void, delay: number) => () => void
}

/** One account at the emulated Discord: what it sees, and what it can do. Failures of what it does are shown where they belong; `send` alone throws. */
export interface Session {
  readonly store: Store<SessionState>
  commands(): Promise<readonly ApplicationCommand[]>
  /** Fetches a channel's newest messages. */
  refresh(channel: string): Promise<void>
  loadOlder(channel: string): Promise<void>
  send(channel: string, content: string): Promise<void>
  run(channel: string, leaf: Leaf, draft: Draft): Promise<void>
  press(message: Message, component: Component, values?: readonly string[]): Promise<void>
  /** Suggestions for the focused option. Throws where none come within 5 s. */
  suggest(channel: string, leaf: Leaf, draft: Draft, focused: string): Promise<readonly Choice[]>
  submit(modal: Modal, components: readonly unknown[]): Promise<void>
  /** Only that one: another may have opened since. */
  closeModal(modal: Modal): void
  dismiss(message: Message): void
  /** Joins a voice channel, or leaves with null; there already, it mutes or unmutes. */
  voice(channel: string | null, muted: boolean): void
  forget(nonce: string): void
  close(): void
}

const pageSize = 50
/** Discord gives the bot 3 s and then reports a failure; this is for the case that no report comes. */
const longestWait = 10_000
const longestSuggestion = 5_000
const kinds = { command: 2, component: 3, autocomplete: 4, modal: 5 } as const

export function createSession(deps: SessionDeps): Session {
  const { api, nonce, later } = deps
  const store = createStore(freshState)
  const suggestions = new Map<string, PromiseWithResolvers<readonly Choice[]>>()
  /** Of the gateway: without it the playground takes no interaction. */
  let sessionId = ''
  const ready = Promise.withResolvers<void>()

  const gateway = createGateway({
    ...deps,
    url: api.gatewayUrl,
    onLink: (link) => store.update((state) => ({ ...state, link })),
    onEvent(name, data) {
      if (name === 'READY') {
        sessionId = (data as { session_id: string }).session_id
        ready.resolve()
      }
      if (name === 'APPLICATION_COMMAND_AUTOCOMPLETE_RESPONSE') {
        const { nonce: answered, choices } = data as { nonce: string; choices: readonly Choice[] | null }
        suggestions.get(String(answered))?.resolve(choices ?? [])
      }
      if (name === 'INTERACTION_FAILURE')
        suggestions.get(String((data as { nonce: unknown }).nonce))?.reject(new Error('The bot did not answer.'))
      store.update((state) => applyEvent(state, name, data))
    },
  })

  const body = (type: number, channel: string, mine: string, data: object, extra: object = {}) => ({
    type,
    application_id: deps.application,
    guild_id: deps.guild,
    channel_id: channel,
    session_id: sessionId,
    nonce: mine,
    ...extra,
    data,
  })

  const commandData = ({ command }: Leaf, options: readonly unknown[]) => {
    return { id: command.id, version: command.version, name: command.name, type: 1, options, attachments: [] }
  }

  /** Throws TypeError, as fetch does, where no session comes about. */
  async function awaitSession(): Promise<void> {
    const late = Promise.withResolvers<void>()
    const cancel = later(() => late.reject(new TypeError('there is no session')), longestSuggestion)
    await Promise.race([ready.promise, late.promise]).finally(cancel)
  }

  async function interact(
    pending: Pick<SessionState['pending'][number], 'channel' | 'title' | 'on'>,
    type: number,
    data: object,
    extra?: object,
  ) {
    const mine = nonce()
    store.update((state) => ({ ...state, pending: [...state.pending, { ...pending, nonce: mine }] }))
    later(() => store.update((state) => withFailure(state, mine, 'No answer came. Whether the bot took it is not known.')), longestWait)
    try {
      await awaitSession()
      await api.interact(body(type, pending.channel, mine, data, extra))
    } catch (error) {
      const reason = error instanceof TypeError ? 'The playground cannot be reached: nothing was sent.' : String((error as Error).message)
      store.update((state) => withFailure(state, mine, reason))
    }
  }

  return {
    store,
    commands: () => api.commands(deps.guild),
    async refresh(channel) {
      const page = await api.messages(channel, { limit: pageSize })
      store.update((state) => withFeed(state, channel, (feed) => refreshFeed(feed, page, pageSize)))
    },
    async loadOlder(channel) {
      const oldest = store.get().feeds[channel]?.messages[0]
      const page = await api.messages(channel, { limit: pageSize, ...(oldest ? { before: oldest.id } : {}) })
      store.update((state) => withFeed(state, channel, (feed) => extendFeed(feed, page, pageSize)))
    },
    async send(channel, content) {
      await api.send(channel, content, nonce())
    },
    run: (channel, leaf, draft) => interact({ channel, title: `/${leaf.name}` }, kinds.command, commandData(leaf, toOptions(leaf, draft))),
    press(message, component, values) {
      const customId = component.custom_id ?? ''
      store.update((state) => ({ ...state, pending: state.pending.filter(({ on }) => on?.message !== message.id) }))
      return interact(
        { channel: message.channel_id, title: component.label ?? '', on: { message: message.id, customId } },
        kinds.component,
        { component_type: component.type, custom_id: customId, ...(values ? { values } : {}) },
        { message_id: message.id, message_flags: message.flags ?? 0 },
      )
    },
    async suggest(channel, leaf, draft, focused) {
      const mine = nonce()
      const answer = Promise.withResolvers<readonly Choice[]>()
      suggestions.set(mine, answer)
      const cancel = later(() => answer.reject(new Error('The bot did not answer.')), longestSuggestion)
      try {
        await awaitSession()
        await api.interact(body(kinds.autocomplete, channel, mine, commandData(leaf, toOptions(leaf, draft, focused))))
        return await answer.promise
      } finally {
        cancel()
        suggestions.delete(mine)
      }
    },
    async submit(modal, components) {
      store.update((state) => withoutModal(state, modal.id))
      const channel = modal.channel_id ?? ''
      await interact({ channel, title: modal.title }, kinds.modal, { id: modal.id, custom_id: modal.custom_id, components })
    },
    closeModal: ({ id }) => store.update((state) => withoutModal(state, id)),
    dismiss: (message) => store.update((state) => withFeed(state, message.channel_id, (feed) => dropMessage(feed, message.id))),
    voice: (channel, muted) => void gateway.send(4, { guild_id: deps.guild, channel_id: channel, self_mute: muted, self_deaf: false }),
    forget: (settled) => store.update((state) => withoutPending(state, settled)),
    close: gateway.close,
  }
}
