import { audioFacts } from '#src/speech/audio-facts.ts'
import { audioKindOf } from '#src/speech/audio-kind.ts'
import { opusPacketsOf } from '#src/speech/ogg-reader.ts'
import { linear16Of, monoSamples, readWav, samplesOfLinear16, wavSeconds } from '#src/speech/wav.ts'
import { readWebm } from '#src/speech/webm.ts'
import { type Fingerprint, ofBytes, ofLinear16, ofOpus } from './fingerprint.ts'
import { decodeOpus } from './opus.ts'
import { resample } from './resample.ts'

/** Audio as a recogniser needs it. */
export interface HeardAudio {
  readonly fingerprint: Fingerprint
  readonly seconds: number
  /** False where there is no decoder for it here (MP3): it has no samples then. */
  readonly isDecodable: boolean
  /** At 16 kHz. */
  samples(): Promise<Int16Array>
}

export function heardOpus(packets: readonly Uint8Array[], seconds: number): HeardAudio {
  return { fingerprint: ofOpus(packets), seconds, isDecodable: true, samples: () => decodeOpus(packets) }
}

export function heardLinear16(bytes: Uint8Array, rate: number): HeardAudio {
  return {
    fingerprint: ofLinear16(bytes, rate),
    seconds: bytes.length / 2 / rate,
    isDecodable: true,
    samples: async () => resample(samplesOfLinear16(bytes), rate, 16_000),
  }
}

/** A file of a kind that its bytes tell; undefined where it is none that can be read. */
export async function readAudio(bytes: Uint8Array): Promise<HeardAudio | undefined> {
  const kind = audioKindOf(bytes)
  if (kind === 'wav') {
    const wav = readWav(bytes)
    return wav && { ...heardLinear16(linear16Of(monoSamples(wav)), wav.sampleRate), seconds: wavSeconds(wav) }
  }
  const facts = await audioFacts(bytes)
  if (!kind || !facts) return undefined
  const seconds = facts.durationMs / 1_000
  const packets = kind === 'ogg' ? opusPacketsOf(bytes) : kind === 'webm' ? readWebm(bytes)?.packets : undefined
  if (packets) return heardOpus(packets, seconds)
  return kind === 'mp3' ? { fingerprint: ofBytes(bytes), seconds, isDecodable: false, samples: async () => new Int16Array(0) } : undefined
}
