export const audioEncodings = ['MP3', 'OGG_OPUS', 'LINEAR16', 'MULAW', 'ALAW'] as const
export type AudioEncoding = (typeof audioEncodings)[number]

export interface Speech {
  readonly text: string
  /** BCP-47. */
  readonly language: string
  /** Google's name of a voice; left out: its choice for the language. */
  readonly voice?: string
  readonly encoding: AudioEncoding
}

export interface SpokenAudio {
  readonly bytes: Uint8Array
  readonly encoding: AudioEncoding
  /** Measured from the audio itself. */
  readonly durationMs: number
}

/** Text to speech. Throws UpstreamError. */
export interface Synthesizer {
  synthesize(speech: Speech): Promise<SpokenAudio>
  close(): Promise<void>
}
