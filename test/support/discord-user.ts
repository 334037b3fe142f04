import { EventEmitter } from 'node:events'
import { awaitEvent } from './await-event.ts'
import type { ComponentData, LiveMessage, MessageData } from './live-message.ts'
import { flatten } from './live-message.ts'
import type { Choice, Modal, Outcome, UserGateway } from './user-gateway.ts'
import { connectUserGateway } from './user-gateway.ts'

export type OptionValue = string | number | boolean

export interface Where {
  /** Name or id of the channel; the guild's first text channel (#general) if left out. */
  readonly channel?: string
  /** How long to wait for the answer, 10 s if left out. */
  readonly deadlineMs?: number
}

/** The application did not answer within 3 s ("The application did not respond"), or Discord gave the interaction up otherwise. */
export class InteractionFailed extends Error {
  override readonly name = 'InteractionFailed'
}

/** Discord's client API refused the request. */
export class ClientApiError extends Error {
  override readonly name = 'ClientApiError'
  readonly status: number
  readonly body: { readonly code?: number; readonly message?: string; readonly errors?: unknown }
  constructor(what: string, status: number, body: ClientApiError['body']) {
    super(`${what}: ${status} ${JSON.stringify(body)}`)
    this.status = status
    this.body = body
  }
}

/** One member at a Discord client, for end-to-end tests. Everything waits on gateway events with a deadline. */
export interface DiscordUser {
  readonly id: string
  readonly name: string
  /** Id of the gateway session. */
  readonly session: string
  /** The guild as READY gave it. */
  readonly guild: UserGateway['guild']
  /** Every gateway event so far, newest last. */
  readonly events: UserGateway['events']
  /** A channel's id by its name. */
  channel(name: string): string
  /**
   * Runs a slash command (`'deploy'`, `'env set'`). Resolves with the answering message once it says something (no longer "thinking"):
   * follow it with `message.until(…)`. Rejects InteractionFailed when nothing came within 3 s.
   */
  slash(name: string, options?: Readonly<Record<string, OptionValue>>, where?: Where): Promise<LiveMessage>
  /** The same, but resolves as soon as the message stands, be it only "Helix is thinking…". */
  begin(name: string, options?: Readonly<Record<string, OptionValue>>, where?: Where): Promise<LiveMessage>
  /** Runs a slash command that opens a modal. */
  slashForModal(name: string, options?: Readonly<Record<string, OptionValue>>, where?: Where): Promise<Modal>
  /** The choices that are offered while `focused` (one of the options) is being typed. */
  autocomplete(name: string, options: Readonly<Record<string, OptionValue>>, focused: string, where?: Where): Promise<readonly Choice[]>
  /**
   * Presses the button with that label. Resolves with the message that answers: a new one, or the pressed one after its next edit.
   */
  press(message: LiveMessage, label: string, where?: Where): Promise<LiveMessage>
  /** Presses a button that opens a modal. */
  pressForModal(message: LiveMessage, label: string, where?: Where): Promise<Modal>
  /** Chooses values in the select menu with that custom id or placeholder; resolves as `press` does. */
  choose(message: LiveMessage, select: string, values: readonly string[], where?: Where): Promise<LiveMessage>
  /** Submits a modal: values by custom id. */
  submit(modal: Modal, values: Readonly<Record<string, string | readonly string[]>>, where?: Where): Promise<LiveMessage>
  /** The channel's newest messages, newest first, as this member sees them. */
  messages(channel?: string, limit?: number): Promise<readonly MessageData[]>
  /** The first message, seen already or still to come, for which the predicate holds. */
  message(holds: (message: LiveMessage) => boolean, deadlineMs?: number): Promise<LiveMessage>
  /** Writes a plain message. */
  say(content: string, where?: Where): Promise<MessageData>
  /** Joins (or with undefined leaves) a voice channel. */
  voice(channel: string | undefined): void
  /** The commands that this member may run. */
  commands(): Promise<readonly CommandData[]>
  /** A request of the client API, `/users/@me`. Throws ClientApiError. */
  api<Answer>(method: string, path: string, body?: unknown): Promise<Answer>
  close(): void
}

interface CommandData {
  readonly id: string
  readonly application_id: string
  readonly version: string
  readonly name: string
  readonly description: string
  readonly guild_id?: string
  readonly options?: readonly OptionData[]
}

interface OptionData {
  readonly type: number
  readonly name: string
  readonly options?: readonly OptionData[]
}

/** Logs in with a user token at the playground (`url`: `http://127.0.0.1:PORT`) and opens the gateway session. */
export async function createDiscordUser({ url, token }: { readonly url: string; readonly token: string }): Promise<DiscordUser> {
  const changes = new EventEmitter()
  changes.setMaxListeners(0)
  const api = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${url}/api/v9${path}`, {
      method,
      headers: { authorization: token, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new ClientApiError(`${method} ${path}`, response.status, text ? JSON.parse(text) : {})
    return (text ? JSON.parse(text) : undefined) as Answer
  }
  const gateway = await connectUserGateway((await api<{ url: string }>('GET', '/gateway')).url, token, changes)
  let nonces = 0

  const channelId = (name?: string) => {
    const found = gateway.guild.channels.find((channel) =>
      name === undefined ? channel.type === 0 : [channel.id, channel.name].includes(name),
    )
    if (!found && name && /^\d{17,19}$/.test(name)) return name
    if (!found) throw new Error(`no channel ${name} in ${gateway.guild.channels.map((channel) => channel.name)}`)
    return found.id
  }
  const interact = async (type: number, application: string, data: object, channel: string, more: object = {}) => {
    const nonce = `${Date.now()}${String(++nonces).padStart(5, '0')}`
    const base = { type, application_id: application, guild_id: gateway.guild.id, channel_id: channel, session_id: gateway.session, nonce }
    await api('POST', '/interactions', { ...base, ...more, data })
    return nonce
  }
  const outcomeOf = <Value>(nonce: string, what: string, read: (outcome: Outcome) => Value | undefined, deadlineMs?: number) =>
    awaitEvent(
      changes,
      () => {
        const outcome = gateway.outcome(nonce)
        if (outcome.failed !== undefined) throw new InteractionFailed(`${what}: the application did not respond (reason ${outcome.failed})`)
        return read(outcome)
      },
      () => `${what} got no answer; it is ${JSON.stringify({ ...gateway.outcome(nonce), message: gateway.outcome(nonce).message?.data })}`,
      deadlineMs,
    )
  const commands = async () =>
    (await api<{ application_commands: CommandData[] }>('GET', `/guilds/${gateway.guild.id}/application-command-index`))
      .application_commands

  const run = async (type: 2 | 4, name: string, options: Readonly<Record<string, OptionValue>>, where: Where, focused?: string) => {
    const [root = '', ...path] = name.split(' ')
    const known = await commands()
    const command = known.find((candidate) => candidate.name === root)
    if (!command) throw new Error(`/${root} is not among the commands that ${token} may run: ${known.map((each) => each.name)}`)
    const { id, version, application_id, guild_id } = command
    const data = {
      id,
      version,
      name: root,
      type: 1,
      options: nest(command, path, options, focused),
      attachments: [],
      ...(guild_id ? { guild_id } : {}),
    }
    return interact(type, application_id, data, channelId(where.channel))
  }
  const click = async (message: LiveMessage, component: ComponentData, values: readonly string[] | undefined) => {
    const data = { component_type: component.type, custom_id: component.custom_id, ...(values ? { values } : {}) }
    const more = { message_id: message.id, message_flags: message.data.flags }
    return interact(3, message.data.author.id, data, message.channel, more)
  }
  const answerOf = async (nonce: string, what: string, pressed: LiveMessage | undefined, edits: number, deadlineMs?: number) =>
    outcomeOf(
      nonce,
      what,
      ({ id, message, acknowledged }) => {
        const fresh = message ?? (id ? [...gateway.messages.values()].find((seen) => seen.data.interaction_metadata?.id === id) : undefined)
        if (fresh) return fresh.loading ? undefined : fresh
        return acknowledged && pressed && (pressed.edits > edits || pressed.deleted) ? pressed : undefined
      },
      deadlineMs,
    )
  const find = (message: LiveMessage, what: string, matches: (component: ComponentData) => boolean) => {
    const component = flatten(message.data.components).find((each) => each.custom_id !== undefined && matches(each))
    if (!component) throw new Error(`no ${what} on message ${message.id}: ${message.text} [${message.buttons}]`)
    return component
  }
  const modalOf = (nonce: string, what: string, where: Where) => outcomeOf(nonce, what, (outcome) => outcome.modal, where.deadlineMs)
  const openedFrom = new Map<Modal, LiveMessage>()

  return {
    id: gateway.user.id,
    name: gateway.user.username,
    session: gateway.session,
    guild: gateway.guild,
    events: gateway.events,
    channel: channelId,
    begin: async (name, options = {}, where = {}) =>
      outcomeOf(await run(2, name, options, where), `/${name}`, (outcome) => outcome.message, where.deadlineMs),
    slash: async (name, options = {}, where = {}) =>
      answerOf(await run(2, name, options, where), `/${name}`, undefined, 0, where.deadlineMs),
    slashForModal: async (name, options = {}, where = {}) => modalOf(await run(2, name, options, where), `/${name}`, where),
    autocomplete: async (name, options, focused, where = {}) =>
      outcomeOf(await run(4, name, options, where, focused), `/${name} ${focused}`, (outcome) => outcome.choices, where.deadlineMs),
    press: async (message, label, where = {}) => {
      const { edits } = message
      const nonce = await click(
        message,
        find(message, `button "${label}"`, (each) => each.type === 2 && each.label === label),
        undefined,
      )
      return answerOf(nonce, `the button "${label}"`, message, edits, where.deadlineMs)
    },
    pressForModal: async (message, label, where = {}) => {
      const nonce = await click(
        message,
        find(message, `button "${label}"`, (each) => each.type === 2 && each.label === label),
        undefined,
      )
      const modal = await modalOf(nonce, `the button "${label}"`, where)
      openedFrom.set(modal, message)
      return modal
    },
    choose: async (message, select, values, where = {}) => {
      const { edits } = message
      const component = find(message, `select "${select}"`, (each) => each.custom_id === select || each.placeholder === select)
      return answerOf(await click(message, component, values), `the select "${select}"`, message, edits, where.deadlineMs)
    },
    submit: async (modal, values, where = {}) => {
      const source = openedFrom.get(modal)
      const edits = source?.edits ?? 0
      const data = { id: modal.id, custom_id: modal.custom_id, components: modal.components.map((each) => fill(each, values)) }
      return answerOf(
        await interact(5, modal.application.id, data, modal.channel),
        `the modal "${modal.title}"`,
        source,
        edits,
        where.deadlineMs,
      )
    },
    messages: (channel, limit = 50) => api('GET', `/channels/${channelId(channel)}/messages?limit=${limit}`),
    message: (holds, deadlineMs) =>
      awaitEvent(
        changes,
        () => [...gateway.messages.values()].find(holds),
        () => `no such message came; seen: ${[...gateway.messages.values()].map((each) => each.text).join(' | ')}`,
        deadlineMs,
      ),
    say: (content, where = {}) => api('POST', `/channels/${channelId(where.channel)}/messages`, { content, nonce: String(++nonces) }),
    voice: (channel) =>
      gateway.send(4, {
        guild_id: gateway.guild.id,
        channel_id: channel === undefined ? null : channelId(channel),
        self_mute: false,
        self_deaf: false,
      }),
    commands,
    api,
    close: () => gateway.close(),
  }
}

/** Options as the client sends them: typed as the command defines them, inside their group and subcommand. */
function nest(
  at: { options?: readonly OptionData[] },
  path: readonly string[],
  options: Readonly<Record<string, OptionValue>>,
  focused?: string,
): object[] {
  const [head, ...rest] = path
  if (head !== undefined) {
    const child = at.options?.find((option) => option.name === head)
    if (!child) throw new Error(`no subcommand ${head} in ${at.options?.map((option) => option.name)}`)
    return [{ type: child.type, name: head, options: nest(child, rest, options, focused) }]
  }
  return Object.entries(options).map(([name, value]) => {
    const option = at.options?.find((candidate) => candidate.name === name)
    if (!option) throw new Error(`no option ${name} in ${at.options?.map((each) => each.name)}`)
    return { type: option.type, name, value, ...(name === focused ? { focused: true } : {}) }
  })
}

function fill(component: ComponentData, values: Readonly<Record<string, string | readonly string[]>>): object {
  const value = component.custom_id === undefined ? undefined : values[component.custom_id]
  return {
    type: component.type,
    ...(component.custom_id === undefined ? {} : { custom_id: component.custom_id }),
    ...(value === undefined ? {} : typeof value === 'string' ? { value } : { values: value }),
    ...(component.components ? { components: component.components.map((child) => fill(child, values)) } : {}),
    ...(component.component ? { component: fill(component.component, values) } : {}),
  }
}
