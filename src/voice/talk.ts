import type { Call } from '#src/kernel/call.ts'
import type { Action, Confirms } from '#src/kernel/report.ts'
import type { Context } from '#src/understanding/understanding.ts'
import type { Exchange } from './exchange.ts'

/** A change that was read back and waits for the speaker's yes. */
export interface Pending {
  readonly exchange: Exchange
  readonly call: Call
  readonly action: Action & { readonly confirms: Confirms }
  /** The id of the reference that the yes uses up, whether it is said or pressed. */
  readonly reference: string
  readonly askedAt: Date
  readonly until: Date
  /** Aborted when it no longer waits. */
  readonly over: AbortController
  /** Who else said yes to it, and was told. */
  readonly others: Set<string>
}

/** What one member and Helix are talking about, for as long as the member is heard. */
export interface Talk {
  readonly user: string
  /** Discord's name of the member when the talk began. */
  readonly name: string
  /** Aborted when the member leaves or withdraws the consent: nothing that was said may be used any more. */
  readonly gone: AbortController
  context: Context | undefined
  pending: Pending | undefined
  /** The exchange that the next sentence belongs to, as Helix asked something in it. */
  asking: { readonly exchange: Exchange; readonly until: Date } | undefined
  /** When a sentence may begin that needs no wake word: the member called Helix by name alone, or pressed the button for it. */
  attentive: { readonly from: Date; readonly until: Date } | undefined
  /** Utterances that began and are not dealt with yet. */
  underWay: number
  /** Sentences of one member are dealt with in the order in which they were said. */
  tail: Promise<void>
}

export function createTalk(user: string, name: string): Talk {
  return {
    ...{ user, name, gone: new AbortController() },
    ...{ context: undefined, pending: undefined, asking: undefined, attentive: undefined },
    underWay: 0,
    tail: Promise.resolve(),
  }
}
