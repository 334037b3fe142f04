import type { Tone } from '#src/kernel/report.ts'

/** A message as its publisher wrote it: any JSON object. */
export type Message = Readonly<Record<string, unknown>>

/** What a message says of one thing. */
export interface Sighting {
  /** Who or what it is about: a row of the scoreboard. As it came. */
  readonly about: string
  /** What kind of message it is, for the digest: `agent_created`. As it came. */
  readonly kind: string
  /** How that is now: `healthy`, `low`, `dead`; undefined where the message says nothing of the sort. */
  readonly state: string | undefined
  readonly tone: Tone
  /** Where it depends on the state before: both of them, in place of these. */
  held?(before: string | undefined): readonly [state: string | undefined, tone: Tone]
  /** What is told whatever the state is. */
  readonly also?: { readonly tone: Tone; sentence(): string }
  /** The two cells between what it is about and when it was. Only what is shown is worked out. */
  cells(): readonly [string, string]
  /** The state in a sentence, for when it turned from `before`. */
  turned(before: string | undefined, state: string | undefined): string
}

/** How messages that look alike are read and shown. */
export interface Shape {
  readonly name: string
  /** Names of the first three columns; the fourth is when it was. */
  readonly head: readonly [string, string, string]
  /** Undefined where the message does not look like this; `unreadable` where it does, and cannot be read. Called for every message: cheap. */
  read(message: Message, channel: string): readonly Sighting[] | 'unreadable' | undefined
}
