/** Discord's objects as far as the page reads them: https://discord.com/developers/docs/resources/message */

export interface User {
  readonly id: string
  readonly username: string
  readonly global_name?: string | null
  readonly bot?: boolean
}

export interface Emoji {
  readonly id?: string | null
  readonly name?: string | null
}

export interface SelectOption {
  readonly label: string
  readonly value: string
  readonly description?: string
  readonly default?: boolean
  readonly emoji?: Emoji
}

/** One for all component types; `type` says which fields are there. */
export interface Component {
  readonly type: number
  readonly components?: readonly Component[]
  readonly component?: Component
  readonly accessory?: Component
  readonly custom_id?: string
  readonly label?: string | null
  readonly description?: string | null
  readonly content?: string
  readonly style?: number
  readonly emoji?: Emoji
  readonly url?: string
  readonly disabled?: boolean
  readonly options?: readonly SelectOption[]
  readonly placeholder?: string
  readonly value?: string
  readonly required?: boolean
  readonly min_values?: number
  readonly max_values?: number
  readonly min_length?: number
  readonly max_length?: number
  readonly accent_color?: number | null
}

export interface EmbedImage {
  readonly url: string
  readonly description?: string
}

export interface Embed {
  readonly title?: string
  readonly url?: string
  readonly description?: string
  readonly color?: number
  readonly timestamp?: string
  readonly author?: { readonly name: string; readonly url?: string }
  readonly footer?: { readonly text: string }
  readonly image?: EmbedImage
  readonly thumbnail?: EmbedImage
  readonly fields?: readonly { readonly name: string; readonly value: string; readonly inline?: boolean }[]
}

export interface Attachment {
  readonly id: string
  readonly filename: string
  readonly url: string
  readonly size?: number
  readonly content_type?: string
  readonly description?: string
}

export interface Message {
  readonly id: string
  readonly channel_id: string
  readonly author: User
  readonly content: string
  readonly timestamp: string
  readonly edited_timestamp?: string | null
  readonly embeds: readonly Embed[]
  readonly attachments: readonly Attachment[]
  readonly components?: readonly Component[]
  readonly mentions?: readonly User[]
  readonly flags?: number
  readonly nonce?: string | number | null
  readonly application_id?: string
  /** 20 answers a slash command. */
  readonly type?: number
  readonly interaction_metadata?: { readonly id: string; readonly user: User }
  readonly interaction?: { readonly id: string; readonly user: User; readonly name: string }
  readonly thread?: { readonly id: string; readonly name: string; readonly message_count?: number }
}

export const messageFlags = { ephemeral: 64, loading: 128, componentsV2: 32_768 } as const

export interface Choice {
  readonly name: string
  readonly value: string | number
}

/** https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-option-structure */
export interface CommandOption {
  readonly type: number
  readonly name: string
  readonly description: string
  readonly required?: boolean
  readonly autocomplete?: boolean
  readonly choices?: readonly Choice[]
  readonly options?: readonly CommandOption[]
  readonly min_value?: number
  readonly max_value?: number
  readonly min_length?: number
  readonly max_length?: number
}

export interface ApplicationCommand {
  readonly id: string
  readonly application_id: string
  readonly version: string
  readonly type?: number
  readonly name: string
  readonly description: string
  readonly options?: readonly CommandOption[]
}

export const optionTypes = {
  subcommand: 1,
  group: 2,
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
  attachment: 11,
} as const

export interface Modal {
  readonly id: string
  readonly nonce: string
  readonly custom_id: string
  readonly title: string
  readonly channel_id?: string
  readonly components: readonly Component[]
}
