import type { Answer } from './answers.ts'
import type { Problem } from './fillings.ts'
import type { Hindrance } from './ordinary-words.ts'

/** A command with arguments by name: names as they are written, numbers as numbers. */
export interface Wish {
  readonly command: string
  readonly args: Readonly<Record<string, unknown>>
}

/** Why a sentence is no command. */
export type Reason = Hindrance | Problem | 'not addressed' | 'nothing said' | 'too long' | 'unclear' | 'no command'

/** An argument to ask for. */
export interface Missing extends Wish {
  readonly argument: string
  /** What was said for it, where it names nothing that there is or cannot be. */
  readonly heard?: string
}

/** What was last spoken of, and what Helix and this speaker are talking about: given with the next sentence. */
export interface Context {
  readonly service?: string | undefined
  /** The environment that was said with that service, which is a part of what `it` means; absent where none was. */
  readonly serviceIn?: string | undefined
  readonly environment?: string | undefined
  /** The last command that was said or begun; `argument` is what it still lacks. */
  readonly last?: Wish & { readonly argument?: string | undefined }
  /** Whether Helix asked something about it: an answer needs no wake word. */
  readonly asked?: boolean
  /** When it was spoken of. */
  readonly at: Date
}

/** What a sentence means. */
export interface Understanding {
  readonly addressed: boolean
  /** Set only where it can be called as it stands and `confidence` is 0.5 or more. */
  readonly command: string | null
  readonly args: Readonly<Record<string, unknown>>
  /** 0 to 1. */
  readonly confidence: number
  /** What else may have been meant, the likeliest first. */
  readonly alternatives: readonly Wish[]
  /** A yes or a no, to whatever Helix asked. */
  readonly answer?: Answer
  readonly missing?: Missing
  readonly why?: Reason
  /** For the next sentence of the same speaker. */
  readonly context: Context | undefined
}
