import { EventEmitter } from 'node:events'
import { awaitEvent } from './await-event.ts'
import type { InteractionAnswers, Submitted } from './interaction-answers.ts'
import { createInteractionAnswers } from './interaction-answers.ts'
import type { CommandData, ModalValues, OptionValues } from './interaction-data.ts'
import { buttonOf, commandData, fill, selectOf } from './interaction-data.ts'
import type { ComponentData, LiveMessage, MessageData } from './live-message.ts'
import type { UserApi } from './user-api.ts'
import { createUserApi } from './user-api.ts'
import type { Choice, Modal, UserGateway } from './user-gateway.ts'
import { connectUserGateway } from './user-gateway.ts'

export interface Where {
  /** Name or id of the channel; the guild's first text channel (#general) if left out. */
  readonly channel?: string
  /** How long to wait for the answer, 10 s if left out. */
  readonly deadlineMs?: number
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
  slash(name: string, options?: OptionValues, where?: Where): Promise<LiveMessage>
  /** The same, but resolves as soon as the message stands, be it only "Helix is thinking…". */
  begin(name: string, options?: OptionValues, where?: Where): Promise<LiveMessage>
  /** Runs a slash command that opens a modal. */
  slashForModal(name: string, options?: OptionValues, where?: Where): Promise<Modal>
  /** The choices that are offered while `focused` (one of the options) is being typed. */
  autocomplete(name: string, options: OptionValues, focused: string, where?: Where): Promise<readonly Choice[]>
  /**
   * Presses the button with that label. Resolves with the message that answers: a new one, or the pressed one after its next edit.
   */
  press(message: LiveMessage, label: string, where?: Where): Promise<LiveMessage>
  /** Presses a button that opens a modal. */
  pressForModal(message: LiveMessage, label: string, where?: Where): Promise<Modal>
  /** Chooses values in the select menu with that custom id or placeholder; resolves as `press` does. */
  choose(message: LiveMessage, select: string, values: readonly string[], where?: Where): Promise<LiveMessage>
  /** Submits a modal: values by custom id. */
  submit(modal: Modal, values: ModalValues, where?: Where): Promise<LiveMessage>
  /** The channel's newest messages, newest first, as this member sees them. */
  messages(channel?: string, limit?: number): Promise<readonly MessageData[]>
  /** The first message, seen already or still to come, for which the predicate holds. */
  message(holds: (message: LiveMessage) => boolean, deadlineMs?: number): Promise<LiveMessage>
  /** Writes a plain message. */
  say(content: string, where?: Where): Promise<MessageData>
  /** Joins (or with undefined leaves) a voice channel; there again, it mutes or unmutes. */
  voice(channel: string | undefined, how?: { readonly mute?: boolean }): void
  /** The commands that this member may run. */
  commands(): Promise<readonly CommandData[]>
  readonly api: UserApi
  close(): void
}

/** Logs in with a user token at the playground (`url`: `http://127.0.0.1:PORT`) and opens the gateway session. */
export async function createDiscordUser({ url, token }: { readonly url: string; readonly token: string }): Promise<DiscordUser> {
  const changes = new EventEmitter()
  changes.setMaxListeners(0)
  const api = createUserApi(url, token)
  const gateway = await connectUserGateway((await api<{ url: string }>('GET', '/gateway')).url, token, changes)
  const answers = createInteractionAnswers(gateway, changes)
  const channel = (name?: string) => channelId(gateway, name)
  return {
    id: gateway.user.id,
    name: gateway.user.username,
    session: gateway.session,
    guild: gateway.guild,
    events: gateway.events,
    channel,
    ...interactions(gateway, api, answers),
    messages: (name, limit = 50) => api('GET', `/channels/${channel(name)}/messages?limit=${limit}`),
    message: (holds, deadlineMs) =>
      awaitEvent(
        changes,
        () => [...gateway.messages.values()].find(holds),
        () => `no such message came; seen: ${[...gateway.messages.values()].map((each) => each.text).join(' | ')}`,
        deadlineMs,
      ),
    say: (content, where = {}) => api('POST', `/channels/${channel(where.channel)}/messages`, { content }),
    voice: (name, { mute = false } = {}) => {
      const channel_id = name === undefined ? null : channel(name)
      gateway.send(4, { guild_id: gateway.guild.id, channel_id, self_mute: mute, self_deaf: false })
    },
    api,
    close: () => gateway.close(),
  }
}

type Interactions = 'commands' | 'begin' | 'slash' | 'slashForModal' | 'autocomplete' | 'press' | 'pressForModal' | 'choose' | 'submit'

function interactions(gateway: UserGateway, api: UserApi, answers: InteractionAnswers): Pick<DiscordUser, Interactions> {
  const openedFrom = new Map<Modal, LiveMessage>()
  const guild_id = gateway.guild.id
  let nonces = 0

  const submit = async (what: string, { deadlineMs }: Where, body: object, source?: LiveMessage): Promise<Submitted> => {
    const nonce = `${Date.now()}${String(++nonces).padStart(5, '0')}`
    const edits = source?.edits ?? 0
    await api('POST', '/interactions', { guild_id, session_id: gateway.session, nonce, ...body })
    return { nonce, what, deadlineMs, ...(source ? { source: { message: source, edits } } : {}) }
  }
  const commands = async () => {
    const index = await api<{ application_commands: CommandData[] }>('GET', `/guilds/${guild_id}/application-command-index`)
    return index.application_commands
  }
  const run = async (type: 2 | 4, name: string, options: OptionValues, where: Where, focused?: string) => {
    const [root = '', ...path] = name.split(' ')
    const known = await commands()
    const command = known.find((candidate) => candidate.name === root)
    if (!command)
      throw new Error(`/${root} is not among the commands that ${gateway.user.username} may run: ${known.map((each) => each.name)}`)
    const { application_id } = command
    const body = { type, application_id, channel_id: channelId(gateway, where.channel), data: commandData(command, path, options, focused) }
    return submit(focused === undefined ? `/${name}` : `/${name} ${focused}`, where, body)
  }
  const use = (what: string, message: LiveMessage, component: ComponentData, where: Where, values?: readonly string[]) => {
    const data = { component_type: component.type, custom_id: component.custom_id, ...(values ? { values } : {}) }
    const { id: message_id, channel: channel_id } = message
    const body = { type: 3, application_id: message.data.author.id, channel_id, message_id, message_flags: message.data.flags, data }
    return submit(what, where, body, message)
  }
  const press = (message: LiveMessage, label: string, where: Where) =>
    use(`the button "${label}"`, message, buttonOf(message, label), where)

  return {
    commands,
    begin: async (name, options = {}, where = {}) => answers.part(await run(2, name, options, where), ({ message }) => message),
    slash: async (name, options = {}, where = {}) => answers.message(await run(2, name, options, where)),
    slashForModal: async (name, options = {}, where = {}) => answers.part(await run(2, name, options, where), ({ modal }) => modal),
    autocomplete: async (name, options, focused, where = {}) =>
      answers.part(await run(4, name, options, where, focused), ({ choices }) => choices),
    press: async (message, label, where = {}) => answers.message(await press(message, label, where)),
    pressForModal: async (message, label, where = {}) => {
      const modal = await answers.part(await press(message, label, where), (outcome) => outcome.modal)
      openedFrom.set(modal, message)
      return modal
    },
    choose: async (message, select, values, where = {}) =>
      answers.message(await use(`the select "${select}"`, message, selectOf(message, select), where, values)),
    submit: async (modal, values, where = {}) => {
      const data = { id: modal.id, custom_id: modal.custom_id, components: modal.components.map((each) => fill(each, values)) }
      const body = { type: 5, application_id: modal.application.id, channel_id: modal.channel, data }
      return answers.message(await submit(`the modal "${modal.title}"`, where, body, openedFrom.get(modal)))
    },
  }
}

function channelId({ guild: { channels } }: UserGateway, name?: string): string {
  const fits = (channel: { id: string; name: string; type: number }) =>
    name === undefined ? channel.type === 0 : [channel.id, channel.name].includes(name)
  const found = channels.find(fits)?.id
  if (found) return found
  // A thread, or a channel that was made since.
  if (name && /^\d{17,19}$/.test(name)) return name
  throw new Error(`no channel ${name} in ${channels.map((channel) => channel.name)}`)
}
