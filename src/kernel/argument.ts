import type { Place } from './call.ts'
import type { CommandBook } from './command-book.ts'
import type { Directory } from './directory.ts'

/** What an argument is made of, in terms that every door can show: Discord's option, JSON schema, speech slot. */
export type Shape =
  | { readonly type: 'string'; readonly minLength?: number; readonly maxLength?: number; readonly choices?: readonly string[] }
  | { readonly type: 'integer'; readonly min?: number; readonly max?: number }
  | { readonly type: 'boolean' }

export interface Reading {
  /** Name of the command that is called. */
  readonly command: string
  readonly place: Place
  readonly directory: Directory
  /** The commands that there are, where a door knows them. */
  readonly book?: CommandBook
  /** All raw arguments of the call: a deployment is looked up among those of the service that is named beside it. */
  readonly raw: Readonly<Record<string, unknown>>
}

export interface Suggestion {
  /** Shown, at most 100 characters. */
  readonly name: string
  /** Sent back, at most 100 characters. */
  readonly value: string
}

/** One thing a command is asked with: how to read it, how to suggest it, what it is to a door. */
export interface Argument<Value> {
  readonly describe: string
  readonly shape: Shape
  readonly required: boolean
  /** Raw value from any door (a string where it was said or typed) to what the command gets. Throws UserError with the nearest names. */
  read(raw: unknown, reading: Reading): Promise<Value>
  /** At most 25 suggestions, from cache. */
  suggest?(typed: string, reading: Reading): Promise<readonly Suggestion[]>
  /**
   * What a spoken word for it stands for: a live name, a length of time, a text to the end of the sentence, or, for a yes, any of these words.
   * Left out: a number or one of the choices, where the shape has them; anything else cannot be said.
   */
  readonly said?: 'service' | 'environment' | 'agent' | 'command' | 'duration' | 'text' | readonly string[]
  /** Set by `environment()`: what it reads replaces the place's environment, before any other argument is read. */
  readonly narrows?: 'environment'
}

export type Arguments = Readonly<Record<string, Argument<unknown>>>
export type Values<A extends Arguments> = { readonly [Name in keyof A]: A[Name] extends Argument<infer Value> ? Value : never }

/** The same argument, but it may be left out: `undefined` then, or the given default. */
export function optional<Value>(argument: Argument<Value>): Argument<Value | undefined>
export function optional<Value>(argument: Argument<Value>, otherwise: Value): Argument<Value>
export function optional<Value>(argument: Argument<Value>, otherwise?: Value): Argument<Value | undefined> {
  return {
    ...argument,
    required: false,
    read: async (raw, reading) => (raw === undefined || raw === null || raw === '' ? otherwise : argument.read(raw, reading)),
  }
}
