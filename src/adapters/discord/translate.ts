import {
  type APIApplicationCommandInteractionDataOption,
  type APIInteraction,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ComponentType,
  InteractionType,
  PermissionFlagsBits,
} from 'discord.js'
import type { Incoming } from './discord.ts'

interface Leaf {
  /** `scale`, `env.set`. */
  readonly command: string
  readonly options: Readonly<Record<string, unknown>>
  readonly focused: { readonly name: string; readonly typed: string; readonly numeric: boolean } | undefined
}

/** An interaction in our words, without the ways to answer it. Undefined for kinds that Helix has no use for. */
export type Translated = Incoming &
  (
    | (Pick<Leaf, 'command' | 'options'> & { readonly kind: 'command' })
    | { readonly kind: 'button'; readonly customId: string; readonly on: { readonly channel: string; readonly message: string } }
    | (Leaf & { readonly kind: 'autocomplete'; readonly focused: NonNullable<Leaf['focused']> })
  )

/** https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object */
export function translate(raw: APIInteraction, isOwner: (guild: string, user: string) => boolean): Translated | undefined {
  const user = raw.member?.user ?? raw.user
  const channel = raw.channel?.id ?? raw.channel_id
  if (!user || !channel) return undefined
  const incoming: Incoming = {
    id: raw.id,
    guild: raw.guild_id,
    channel,
    member: {
      id: user.id,
      name: raw.member?.nick ?? user.global_name ?? user.username,
      standing: {
        roles: raw.member?.roles ?? [],
        administrator:
          raw.guild_id !== undefined &&
          raw.member !== undefined &&
          (isAdministrator(raw.member.permissions) || isOwner(raw.guild_id, user.id)),
      },
    },
  }
  if (raw.type === InteractionType.MessageComponent && raw.data.component_type === ComponentType.Button) {
    return { ...incoming, kind: 'button', customId: raw.data.custom_id, on: { channel: raw.message.channel_id, message: raw.message.id } }
  }
  if (raw.type === InteractionType.ApplicationCommand && raw.data.type === ApplicationCommandType.ChatInput) {
    const { command, options } = leaf(raw.data.name, raw.data.options)
    return { ...incoming, kind: 'command', command, options }
  }
  if (raw.type === InteractionType.ApplicationCommandAutocomplete) {
    const { command, options, focused } = leaf(raw.data.name, raw.data.options)
    return focused && { ...incoming, kind: 'autocomplete', command, options, focused }
  }
  return undefined
}

function leaf(name: string, options: readonly APIApplicationCommandInteractionDataOption<InteractionType>[] = []): Leaf {
  const [first] = options
  if (first?.type === ApplicationCommandOptionType.Subcommand || first?.type === ApplicationCommandOptionType.SubcommandGroup) {
    return leaf(`${name}.${first.name}`, first.options)
  }
  const given = options as readonly { readonly name: string; readonly type: number; readonly value: unknown; readonly focused?: boolean }[]
  const focused = given.find((option) => option.focused)
  return {
    command: name,
    options: Object.fromEntries(given.map((option) => [option.name, option.value])),
    focused: focused && {
      name: focused.name,
      typed: String(focused.value),
      numeric: focused.type === ApplicationCommandOptionType.Integer || focused.type === ApplicationCommandOptionType.Number,
    },
  }
}

function isAdministrator(permissions: string): boolean {
  return (BigInt(permissions) & PermissionFlagsBits.Administrator) !== 0n
}
