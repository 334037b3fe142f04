/** Recognises by itself: an offline recogniser that is installed on this machine. Samples are at 16 kHz, one channel. */
export interface Recogniser {
  readonly name: string
  /** Undefined: heard nothing that it understands. One after the other: each takes a processor for itself. */
  recognise(samples: Int16Array, phrases: readonly string[]): Promise<string | undefined>
  /** What is still being said, recognised as it comes: little is left to do when it ends. */
  begin(phrases: readonly string[]): Recognition
}

export interface Recognition {
  push(samples: Int16Array): void
  /** As `recognise`. */
  end(): Promise<string | undefined>
  /** Nobody wants to know any more. */
  drop(): void
}
