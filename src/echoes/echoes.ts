import type { Call, Place } from '#src/kernel/call.ts'

/** How much of a stream is shown: the scoreboard alone, with what is notable, or with a digest of everything. */
export const echoModes = ['scoreboard', 'changes', 'digest'] as const
export type EchoMode = (typeof echoModes)[number]

/** A stream that is shown live in a Discord channel. */
export interface Binding {
  readonly id: string
  readonly place: Place
  /** The stream: `consciousness:stream`. */
  readonly stream: string
  /** The Discord channel. */
  readonly channel: string
  readonly mode: EchoMode
  readonly boundBy: string
  readonly boundAt: Date
  /** Why nothing is shown at this moment: Helix may not post there, the channel is gone. */
  readonly trouble: string | undefined
}

/** What is bound: a stream, and a channel as somebody typed it (left out: where the call was made). */
export interface Asked {
  readonly stream: string
  readonly channel: string | undefined
}

/** Where a binding is shown, as people say it: `#ops`. */
export interface Where {
  readonly where: string
}

export interface Echoes {
  /**
   * Throws UserError for a stream or a channel that cannot be bound, or that is bound there already. In another mode it is bound anew; where
   * Discord refuses it, it is tried again at once.
   */
  bind(call: Call, asked: Asked & Pick<Binding, 'mode'>): Promise<Binding & Where>
  /** Throws UserError where it is not bound there. */
  unbind(call: Call, asked: Asked): Promise<Binding & Where>
  /** All of the guild's. */
  list(place: Pick<Place, 'guild'>): Promise<readonly (Binding & Where & EchoFigures)[]>
}

export interface EchoFigures {
  /** Messages that were read and are safe in the outbox, and those that were lost before they could be read. */
  readonly echoed: number
  readonly lost: number
  readonly unreadable: number
  /** How often something is missing of which nobody knows how much. */
  readonly gaps: number
  readonly lastAt: Date | undefined
  /** Since when Redis cannot be reached by whoever reads it. */
  readonly outSince: Date | undefined
}
