/** Discord's own objects as REST gives them, as far as the playground looks into them. */
export interface User {
  readonly id: string
  readonly username: string
  readonly global_name: string | null
  readonly avatar: null
  readonly discriminator: string
  readonly public_flags: number
  readonly flags: number
  readonly bot?: boolean
  readonly primary_guild: null
}

export interface Role {
  readonly id: string
  readonly name: string
  readonly permissions: string
  readonly position: number
  readonly color: number
  readonly managed: boolean
  readonly mentionable: boolean
  readonly tags?: { readonly bot_id: string }
}

export interface Member {
  readonly user: User
  readonly roles: readonly string[]
  readonly joined_at: string
}

export interface Overwrite {
  readonly id: string
  /** 0 a role, 1 a member. */
  readonly type: 0 | 1
  readonly allow: string
  readonly deny: string
}

export interface Channel {
  readonly id: string
  /** 0 text, 2 voice, 11 public thread, 12 private thread. */
  readonly type: number
  readonly guild_id: string
  readonly name: string
  readonly flags: number
  readonly position: number
  readonly parent_id: string | null
  readonly permission_overwrites?: readonly Overwrite[]
  readonly topic?: string | null
  readonly last_message_id?: string | null
  readonly thread_metadata?: { readonly archived: boolean; readonly locked: boolean; readonly [more: string]: unknown }
  readonly [more: string]: unknown
}

export interface Component {
  readonly type: number
  readonly id?: number | null
  readonly custom_id?: string | null
  readonly style?: number
  readonly label?: string | null
  readonly content?: string
  readonly disabled?: boolean | null
  readonly required?: boolean | null
  readonly min_values?: number | null
  readonly max_values?: number | null
  readonly min_length?: number | null
  readonly max_length?: number | null
  readonly divider?: boolean | null
  readonly spacing?: number | null
  readonly value?: string | null
  readonly values?: readonly string[]
  readonly options?: readonly { readonly value: string }[]
  readonly components?: readonly Component[]
  readonly component?: Component
  readonly accessory?: Component
}

export interface Attachment {
  readonly id: string
  readonly filename: string
  readonly size: number
  /** `cdn:` and a path within the playground until it is shown. */
  readonly url: string
  readonly proxy_url: string
  readonly content_type?: string
  readonly description?: string
  readonly width?: number
  readonly height?: number
}

export interface Message {
  readonly id: string
  readonly channel_id: string
  readonly type: number
  readonly author: User
  readonly content: string
  readonly embeds: readonly unknown[]
  readonly components: readonly Component[]
  readonly attachments: readonly Attachment[]
  readonly mentions: readonly User[]
  readonly mention_roles: readonly string[]
  readonly mention_everyone: boolean
  readonly flags: number
  readonly timestamp: string
  readonly edited_timestamp: string | null
  readonly pinned: boolean
  readonly tts: boolean
  readonly nonce?: string
  readonly [more: string]: unknown
}

/** A message and what only Discord knows about it. */
export interface StoredMessage {
  message: Message
  /** Milliseconds since 1970; ageing a message moves it. */
  bornAt: number
  /** Ephemeral: only this user sees it. */
  readonly visibleTo?: string
  /** Id of the interaction whose token made it. */
  readonly interaction?: string
  /** Paths of its uploads, those that only an embed shows included. */
  files: readonly string[]
  pinnedAt?: string
}

export interface CommandOption {
  readonly type: number
  readonly name: string
  readonly required?: boolean | undefined
  readonly autocomplete?: boolean | undefined
  readonly choices?: readonly { readonly name: string; readonly value: string | number }[] | undefined
  readonly min_value?: number | undefined
  readonly max_value?: number | undefined
  readonly min_length?: number | undefined
  readonly max_length?: number | undefined
  readonly options?: readonly CommandOption[] | undefined
}

export interface Command {
  readonly id: string
  readonly application_id: string
  readonly version: string
  readonly type: 1 | 2 | 3
  readonly name: string
  readonly description: string
  readonly guild_id?: string
  readonly options?: readonly CommandOption[]
  readonly default_member_permissions: string | null
  readonly [more: string]: unknown
}

export interface VoiceState {
  readonly user_id: string
  readonly channel_id: string | null
  readonly session_id: string
  readonly self_mute: boolean
  readonly self_deaf: boolean
}

/** Who may log in: the bot, or a person with an account. */
export interface Account {
  readonly id: string
  readonly token: string
  readonly kind: 'bot' | 'user'
}
