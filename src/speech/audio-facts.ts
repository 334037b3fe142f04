import { readWebm } from './webm.ts'

export interface AudioFacts {
  readonly durationMs: number
  readonly sampleRate: number
  readonly channels: number
  /** As music-metadata names it: `Opus`, `Vorbis I`, `MPEG 1 Layer 3`, `PCM`. */
  readonly codec: string
}

/** Reads an audio file's own length and form, without decoding it; undefined where it cannot be read as audio. */
export async function audioFacts(bytes: Uint8Array): Promise<AudioFacts | undefined> {
  const { parseBuffer } = await import('music-metadata')
  try {
    const { format } = await parseBuffer(bytes, undefined, { duration: true, skipCovers: true })
    const { codec, sampleRate, numberOfChannels: channels = 1 } = format
    const durationMs = format.duration === undefined ? readWebm(bytes)?.durationMs : format.duration * 1_000
    if (!codec || !sampleRate || durationMs === undefined || !Number.isFinite(durationMs)) return undefined
    return { durationMs, sampleRate, channels, codec }
  } catch {
    // It throws in many ways, by design and by accident, and means the same with each: these bytes are no such file.
    return undefined
  }
}
