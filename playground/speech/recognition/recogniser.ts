/** Recognises by itself: an offline recogniser that is installed on this machine. */
export interface Recogniser {
  readonly name: string
  /** Undefined: heard nothing that it understands. Samples at 16 kHz, one channel. */
  recognise(samples: Int16Array, phrases: readonly string[]): Promise<string | undefined>
}
