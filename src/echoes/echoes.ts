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

export interface Echoes {
  /**
   * Throws UserError for a stream or a channel that cannot be bound, or that is bound there already. In another mode it is bound anew; where
   * Discord refuses it, it is tried again at once.
   */
  bind(call: Call, asked: Pick<Binding, 'stream' | 'channel' | 'mode'>): Promise<Binding>
  /** Throws UserError where it is not bound there. */
  unbind(call: Call, asked: Pick<Binding, 'stream' | 'channel'>): Promise<Binding>
  /** All of the guild's. */
  list(place: Pick<Place, 'guild'>): Promise<readonly (Binding & EchoFigures)[]>
}

export interface EchoFigures {
  /** Messages that were read and are safe in the outbox, and those that were lost before they could be read. */
  readonly echoed: number
  readonly lost: number
  readonly unreadable: number
  /** How often something is missing of which nobody knows how much. */
  readonly gaps: number
  readonly lastAt: Date | undefined
}
