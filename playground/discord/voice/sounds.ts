/** Sound for voice channels, which the emulated Google makes and knows again. All packets are Opus of 20 ms, at 48 kHz. */
export interface Sounds {
  /** Words, spoken. The emulated recogniser knows them again by their packets; `unknown`: it has to recognise them, as a stranger's. */
  say(words: string, how?: { readonly unknown?: boolean }): Promise<readonly Uint8Array[]>
  /** What an audio file holds (WAV, Ogg Opus, WebM); undefined where it cannot be read. */
  read(file: Uint8Array): Promise<readonly Uint8Array[] | undefined>
  /** For a browser's recording (WebM), as it comes. */
  recording(): Recording
  /** The words of audio that was made from words. */
  wordsOf(packets: readonly Uint8Array[]): string | undefined
}

export interface Recording {
  /** The packets that are whole now. Throws UserError where it is no WebM with Opus. */
  push(bytes: Uint8Array): readonly Uint8Array[]
  close(): void
}
