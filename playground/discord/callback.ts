import { settle } from './components.ts'
import type { Events } from './gateway/events.ts'
import type { Interaction, Interactions, InteractionType } from './interactions.ts'
import type { Messages } from './messages.ts'
import type { StoredMessage } from './model.ts'
import { present } from './present.ts'
import { Refused } from './refusals.ts'
import { readChoices } from './schemas/choices.ts'
import { formError } from './schemas/form-errors.ts'
import type { MessageForm } from './schemas/message.ts'
import { flag, readMessage } from './schemas/message.ts'
import { readModal } from './schemas/modal.ts'
import type { Upload } from './uploads.ts'
import type { World } from './world.ts'

export interface CallbackDeps {
  readonly world: World
  readonly messages: Messages
  readonly interactions: Interactions
  readonly events: Events
}

/** Which callbacks answer what: https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type */
const allowed: Readonly<Record<InteractionType, readonly number[]>> = { 2: [4, 5, 9], 3: [4, 5, 6, 7, 9], 4: [8], 5: [4, 5] }

/** Serves `POST /interactions/{id}/{token}/callback`; resolves to the body of `with_response=true`. */
export function answerInteraction(interaction: Interaction, body: unknown, uploads: readonly Upload[], deps: CallbackDeps): object {
  const { interactions, world } = deps
  const { type, data } = (body ?? {}) as { readonly type?: number; readonly data?: unknown }
  refuseType(interaction, type)
  const message = act(Number(type), interaction, data, uploads, deps)
  interaction.original = message?.message.id
  interactions.acknowledge(interaction, Number(type))
  const flags = message?.message.flags ?? 0
  const about = message
    ? {
        response_message_id: message.message.id,
        response_message_loading: (flags & flag.loading) !== 0,
        response_message_ephemeral: (flags & flag.ephemeral) !== 0,
      }
    : {}
  const resource = message && (type === 4 || type === 7) ? { resource: { type, message: present(message.message, world) } } : {}
  return { interaction: { id: interaction.id, type: interaction.type, ...about }, ...resource }
}

/** A new message of an interaction: its answer, or (`followUp`) one after it. */
export function interactionMessage(
  interaction: Interaction,
  form: MessageForm,
  uploads: readonly Upload[],
  { world, messages }: CallbackDeps,
  kind: { readonly loading?: boolean; readonly followUp?: boolean } = {},
): StoredMessage {
  const channel = world.channels.get(interaction.channel)
  const bot = world.members.get(world.application.id)
  if (!channel || !bot) throw new Refused('unknownChannel')
  const original = kind.followUp ? interaction.original : undefined
  const replied = original ?? interaction.source
  return messages.create({
    channel,
    author: bot.user,
    form,
    uploads,
    type: replied ? 19 : interaction.type === 2 ? 20 : 0,
    flags: kind.loading ? flag.loading : 0,
    interaction: interaction.id,
    asker: { user: interaction.user, ...(kind.followUp ? {} : { value: interaction.nonce }) },
    more: {
      application_id: world.application.id,
      webhook_id: world.application.id,
      interaction_metadata: { ...interaction.metadata, ...(original ? { original_response_message_id: original } : {}) },
      ...(interaction.command && !kind.followUp
        ? { interaction: { id: interaction.id, type: 2, name: interaction.command, user: world.members.get(interaction.user)?.user } }
        : {}),
      ...(replied ? { message_reference: { type: 0, channel_id: channel.id, message_id: replied, guild_id: world.guild.id } } : {}),
    },
  })
}

function refuseType(interaction: Interaction, type: unknown): void {
  const fromComponent = interaction.type === 5 && interaction.source !== undefined
  const fitting = [...allowed[interaction.type], ...(fromComponent ? [6, 7] : [])]
  if (fitting.includes(Number(type))) return
  // A modal that a command opened has no message to update.
  if (interaction.type === 5 && type === 7) throw new Refused('unknownMessage')
  throw formError(['type'], 'BASE_TYPE_CHOICES', `Value must be one of {${fitting.join(', ')}}.`)
}

function act(
  type: number,
  interaction: Interaction,
  data: unknown,
  uploads: readonly Upload[],
  deps: CallbackDeps,
): StoredMessage | undefined {
  const { id, user, nonce, channel, source } = interaction
  const { messages, events, world } = deps
  const standing = () => {
    const found = source === undefined ? undefined : messages.find(channel, source)
    if (!found) throw new Refused('unknownMessage')
    return found
  }
  if (type === 4) return interactionMessage(interaction, readMessage(data, 0, ['data']), uploads, deps)
  if (type === 5) {
    interaction.loading = true
    const flags = Number((data as { flags?: number } | undefined)?.flags ?? 0) & flag.ephemeral
    return interactionMessage(interaction, { flags }, [], deps, { loading: true })
  }
  if (type === 6) return standing()
  if (type === 7) {
    const message = standing()
    messages.edit(message, readMessage(data, message.message.flags, ['data']), uploads)
    return message
  }
  if (type === 8) {
    events.toUser(user, 'APPLICATION_COMMAND_AUTOCOMPLETE_RESPONSE', { choices: readChoices(data), nonce })
    return undefined
  }
  const modal = readModal(data)
  const components = settle(modal.components)
  interaction.modal = { ...modal, components }
  const application = { ...world.application, icon: null, bot: world.members.get(world.application.id)?.user }
  events.toUser(user, 'INTERACTION_MODAL_CREATE', { id, channel_id: channel, nonce, application, ...modal, components })
  return undefined
}
