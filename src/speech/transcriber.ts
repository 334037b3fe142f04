/** A recogniser's reading of one utterance, or of a part of it. */
export interface Transcript {
  readonly text: string
  /** 0 to 1; 0 where the recogniser gives none (interim results). */
  readonly confidence: number
  readonly isFinal: boolean
  /** BCP-47: `en-US`. */
  readonly language: string
}

/** A minute is what Google takes at once: https://cloud.google.com/speech-to-text/quotas */
export const longestClipMs = 60_000

export interface AudioClip {
  readonly bytes: Uint8Array
  /** `linear16` is bare 16-bit little-endian samples, without a header. */
  readonly encoding: 'linear16' | 'ogg-opus' | 'webm-opus' | 'mp3'
  readonly sampleRate: number
  readonly channels: number
}

export interface Recognition {
  /** BCP-47; `en-US` where a caller has no other wish. */
  readonly language: string
  /** Words to expect, with a boost of 0 to 20 each (Google's "phrase set"). */
  readonly phrases?: readonly Phrase[]
}

export interface Phrase {
  readonly phrase: string
  readonly boost: number
}

/** One utterance being recognised as it is spoken. */
export interface UtteranceStream {
  /**
   * One Opus packet of 20 ms, 48 kHz, as Discord sends it. Never throws; what cannot be sent is told by `transcripts`. False: it ended before, and
   * never hears this one.
   */
  write(packet: Uint8Array): boolean
  /** No more audio: the final transcript follows. Happens by itself when nothing was written for ten seconds, or at a recogniser's limit. */
  end(): void
  /** Drops it; nothing follows. */
  cancel(): void
  /** Interim transcripts (the newest; those that were not read in time are skipped), then one final, or none where no speech was heard. To be read once. Throws UpstreamError. */
  readonly transcripts: AsyncIterable<Transcript>
}

/** Speech to text. */
export interface Transcriber {
  /** A whole clip of at most a minute. Undefined: no speech was detected. Throws UpstreamError. */
  transcribe(clip: AudioClip, recognition: Recognition): Promise<Transcript | undefined>
  /** Starts at once, and connects behind the packets' back: what is written meanwhile is kept. */
  stream(recognition: Recognition): UtteranceStream
  close(): Promise<void>
}
