import type { Shown } from './report.ts'

/** Where a call takes effect: one installation serves one team with many of each. Ids, not names. */
export interface Place {
  readonly guild: string
  readonly project: string
  readonly environment: string
}

export const doors = ['slash', 'button', 'voice', 'rest', 'mcp', 'automation'] as const

/** Where calls come from. */
export type Door = (typeof doors)[number]

/** Who asks. A member's roles are read when they matter (see `Standing`), never carried along. */
export type Actor =
  | { readonly kind: 'member'; readonly id: string; readonly name: string }
  | { readonly kind: 'token'; readonly id: string; readonly name: string }
  | { readonly kind: 'helix'; readonly policy: string; readonly enabledBy: string }

/** What a caller may claim at this moment: a member what Discord says at this interaction, a token its own key. Never stored. */
export interface Standing {
  /** As the permission table names them: ids of Discord roles, or the actor key of a token. */
  readonly roles: readonly string[]
  /** The guild's owner, or a member with Discord's ADMINISTRATOR permission. */
  readonly administrator: boolean
}

/** The Discord message that shows a call's answer, known as soon as the call is acknowledged. */
export interface MessageRef {
  readonly channel: string
  readonly message: string
}

/** Why a service makes a call: in its own words, and by which version of which rule. */
export interface Cause {
  readonly reason: string
  readonly rule?: { readonly id: string; readonly digest: string }
}

/** A request for a command, from any door. */
export interface Call {
  /** Unique for ever (an interaction id, an idempotency key): a call that was seen is never acted on again. */
  readonly key: string
  readonly command: string
  readonly raw: Readonly<Record<string, unknown>>
  readonly actor: Actor
  readonly door: Door
  readonly place: Place
  /** The plan that the caller confirmed with this call; set by a door from a signed reference, never from what a caller sent. */
  readonly confirmed?: Shown
  /** The question that this call answers, once and by its actor alone: id of the reference that was pressed. */
  readonly answers?: string
  /** Set where no person makes the call; it stands in the audit. */
  readonly cause?: Cause
  /** The exchange in a voice channel that it is part of: the id of its message's subject, under which the words are kept. */
  readonly exchange?: string
  /** Absent at doors that have no message to keep up to date. */
  readonly reply?: MessageRef
  /** The Discord channel where what it starts is shown, for a call that has no message of its own. */
  readonly channel?: string
}

/** `discord:12` or `token:ci`: one word for an actor, as the audit and locks write it. */
export function actorKey(actor: Actor): string {
  return actor.kind === 'helix' ? `helix:${actor.policy}` : `${actor.kind}:${actor.id}`
}

/** How an actor is named to people. */
export function actorName(actor: Actor): string {
  return actor.kind === 'helix' ? `Helix (${actor.policy})` : actor.name
}
