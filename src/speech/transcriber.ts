/** A recogniser's reading of one utterance, or of a part of it. */
export interface Transcript {
  readonly text: string
  /** 0 to 1; 0 where the recogniser gives none (interim results). */
  readonly confidence: number
  readonly isFinal: boolean
  /** BCP-47: `en-US`. */
  readonly language: string
}

export interface AudioClip {
  readonly bytes: Uint8Array
  /** `linear16` is bare 16-bit little-endian samples of one channel; the others tell their rate themselves. */
  readonly encoding: 'linear16' | 'wav' | 'ogg-opus' | 'webm-opus' | 'mp3'
  readonly sampleRate?: number
}

export interface Recognition {
  /** BCP-47; `en-US` where a caller has no other wish. */
  readonly language: string
  /** Words to expect, with a boost of 0 to 20 each (Google's "phrase set"). */
  readonly phrases?: readonly { readonly phrase: string; readonly boost: number }[]
}

/** One utterance being recognised as it is spoken. */
export interface UtteranceStream {
  /** One Opus packet of 20 ms, 48 kHz, as Discord sends it. Never throws; what cannot be sent is told by `transcripts`. */
  write(packet: Uint8Array): void
  /** No more audio: the final transcript follows. */
  end(): void
  /** Drops it; nothing follows. */
  cancel(): void
  /** Interim transcripts, then one final (or none, where no speech was heard). Throws UpstreamError. */
  readonly transcripts: AsyncIterable<Transcript>
}

/** Speech to text. */
export interface Transcriber {
  /** A whole clip of at most a minute. Undefined: no speech was detected. Throws UpstreamError. */
  transcribe(clip: AudioClip, recognition: Recognition): Promise<Transcript | undefined>
  stream(recognition: Recognition): UtteranceStream
  close(): Promise<void>
}
