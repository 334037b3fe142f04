import type { Suggestion } from '#src/kernel/argument.ts'
import type { MessageRef, Standing } from '#src/kernel/call.ts'
import type { VoiceGateway } from '../voice/voice-gateway.ts'

/** A Discord message as REST v10 takes it, as far as Helix sends it. Rendered from a report by the doors. */
export interface MessageBody {
  readonly content: string
  readonly embeds: readonly object[]
  readonly components: readonly object[]
  readonly files?: readonly { readonly name: string; readonly data: Uint8Array; readonly description: string }[]
  /** Ids of the roles that its content may mention; left out, it mentions nobody. */
  readonly mentions?: readonly string[]
}

export interface Member {
  readonly id: string
  readonly name: string
  readonly standing: Standing
}

export interface Incoming {
  readonly id: string
  /** Undefined in a direct message. */
  readonly guild: string | undefined
  readonly channel: string
  readonly member: Member
}

export interface Answerable {
  /**
   * The first answer, which must go out within 3 s: a loading message (public, ephemeral), or for a button none to be seen (update).
   * It leaves in the tick in which it is called. Resolves to the message that shows the answer. Throws InteractionGone where another
   * process was first or the 3 s are over, and UpstreamError.
   */
  acknowledge(answer: 'public' | 'ephemeral' | 'update'): Promise<MessageRef | undefined>
  /**
   * Edits the answer's message, again and again where Discord fails or asks to slow down, for as long as its token lives (15 minutes).
   * Resolves to where it stands. Throws UpstreamError.
   */
  answer(message: MessageBody): Promise<MessageRef>
  /**
   * A further message that only the member sees; where Discord fails, it is sent again a few times. A public loading message that was not
   * answered yet is taken away. Throws UpstreamError.
   */
  whisper(message: MessageBody): Promise<void>
}

export interface IncomingCommand extends Incoming, Answerable {
  readonly kind: 'command'
  /** The leaf: `scale`, `env.set`. */
  readonly command: string
  readonly options: Readonly<Record<string, unknown>>
}

export interface IncomingButton extends Incoming, Answerable {
  readonly kind: 'button'
  readonly customId: string
}

export interface IncomingAutocomplete extends Incoming {
  readonly kind: 'autocomplete'
  readonly command: string
  readonly options: Readonly<Record<string, unknown>>
  readonly focused: string
  readonly typed: string
  /** At most 25 are shown. A failure is logged and ends there: a list that came too late is of no use to anybody. */
  respond(suggestions: readonly Suggestion[]): Promise<void>
}

export type IncomingInteraction = IncomingCommand | IncomingButton | IncomingAutocomplete

export interface GuildInfo {
  readonly id: string
  readonly name: string
}

/** What happens at the gateway, each by the name that events/ listen to. */
export interface DiscordEvents {
  'discord.ready': { readonly name: string; readonly guilds: readonly GuildInfo[] }
  'discord.interaction': IncomingInteraction
  'discord.guild-joined': GuildInfo
  /** The session cannot be taken up again (4004, 4010 to 4014, or not ready for minutes): the process must end. */
  'discord.lost': { readonly code: number; readonly reason: string }
}

/** The gateway session: one discord.js client, with the intents Guilds and GuildVoiceStates alone. */
export interface DiscordGateway {
  /** What voice needs of the session. */
  readonly voice: VoiceGateway
  /** Logs in; resolves when ready. Throws ConfigError where Discord refuses the token. */
  start(emit: <Name extends keyof DiscordEvents>(name: Name, payload: DiscordEvents[Name]) => void): Promise<void>
  stop(): Promise<void>
  /** Milliseconds of the last heartbeat, -1 before the first one; undefined while the session is not ready. */
  ping(): number | undefined
  /** Who is in which voice channel of a guild, by user id, bots included. */
  voiceStates(guild: string): ReadonlyMap<string, string>
}

/** Reads members anew, with the bot's own token. */
export interface DiscordMembers {
  /** Undefined where there is no such member (any more). Throws UpstreamError. */
  read(guild: string, user: string): Promise<Member | undefined>
}

/** Messages sent with the bot's own token, by any process. Throws UpstreamError (`refused` with Discord's code in the message). */
export interface DiscordMessages {
  /** With `nonce` and `enforce_nonce`: sent twice, it stands once. At most 25 characters. */
  create(channel: string, message: MessageBody, nonce: string): Promise<MessageRef>
  edit(ref: MessageRef, message: MessageBody): Promise<void>
  remove(ref: MessageRef): Promise<void>
  /** Opens a thread on a message, or finds the one that is there. Answers its id, which is a channel's. */
  openThread(ref: MessageRef, name: string): Promise<string>
  /** Takes a thread up again that was archived. */
  reopenThread(thread: string): Promise<void>
  /** Where Discord itself posts what concerns the whole server; undefined where it has no such channel. */
  systemChannel(guild: string): Promise<string | undefined>
}

/** Registered application commands: what changed is written, and nothing where nothing did. */
export interface DiscordCommands {
  /** `guild` undefined: global. Answers a line for each command that was added, changed or removed. */
  register(payload: readonly object[], guild: string | undefined, options?: { readonly dryRun?: boolean }): Promise<readonly string[]>
}

/** Discord's permissions that Helix uses. https://discord.com/developers/docs/topics/permissions */
export type PermissionName = 'ViewChannel' | 'SendMessages' | 'EmbedLinks' | 'AttachFiles' | 'ReadMessageHistory' | 'Connect' | 'Speak'

/** How the bot stands in a guild it is a member of. */
export interface GuildStanding {
  readonly name: string
  /** What its roles do not give it, before any channel's own settings. */
  readonly lacks: readonly PermissionName[]
  readonly channels: readonly {
    readonly id: string
    readonly name: string
    readonly kind: 'text' | 'voice'
    readonly lacks: readonly PermissionName[]
  }[]
}

/** Asks Discord how the bot stands, with its own token, and changes nothing. Throws UpstreamError. */
export interface DiscordInspection {
  /** Session starts that are left today (going over resets the token), and Discord's own time where it tells it. */
  self(): Promise<{ readonly starts: { readonly total: number; readonly remaining: number }; readonly at: Date | undefined }>
  /** Undefined where the bot is no member. */
  guild(id: string): Promise<GuildStanding | undefined>
}
