/** A sentence as a recogniser wrote it down, and what was meant. */
export interface Form {
  readonly words: string
  readonly command: string
  readonly args: Readonly<Record<string, unknown>>
}

/** Several ways to say the same. */
export function forms(command: string, args: Form['args'], sentences: readonly string[]): readonly Form[] {
  return sentences.map((words) => ({ words, command, args }))
}

/** Every second one is held out: nothing was tuned on it. */
export function halves<Each>(all: readonly Each[]): { readonly tuned: readonly Each[]; readonly heldOut: readonly Each[] } {
  return { tuned: all.filter((_, index) => index % 2 === 0), heldOut: all.filter((_, index) => index % 2 === 1) }
}
