import { createOggReader, isOpusHeader, NotOgg } from '#src/speech/ogg-reader.ts'
import { opusRate, opusSamples } from '#src/speech/opus-packet.ts'
import { samplesOfLinear16 } from '#src/speech/wav.ts'
import { ofOpus } from '../audio/fingerprint.ts'
import { createOpusDecoder, decodeOpus, joined } from '../audio/opus.ts'
import { type HeardAudio, heardLinear16 } from '../audio/read-audio.ts'
import { resample } from '../audio/resample.ts'
import { Refusal } from '../refusal.ts'
import type { Asked } from './asked.ts'

/** The audio of a stream, as it comes. */
export interface IncomingAudio {
  /** Throws Refusal where it is not what the configuration says. */
  take(bytes: Uint8Array): void
  /** Everything so far. */
  soFar(): HeardAudio
  /** Samples at 16 kHz, one channel, that came since this was asked last. */
  fresh(): Int16Array
  close(): void
}

const MOST_BYTES = 32 * 1024 * 1024

export function createIncomingAudio({ encoding, sampleRate }: Asked): IncomingAudio {
  if (encoding === 'OGG_OPUS') return oggAudio()
  if (encoding === 'LINEAR16' && sampleRate > 0) return bareAudio(sampleRate)
  throw new Refusal('INVALID_ARGUMENT', `The emulated Google streams OGG_OPUS and LINEAR16 with a sample rate, not ${encoding}.`)
}

function oggAudio(): IncomingAudio {
  const ogg = createOggReader()
  const packets: Uint8Array[] = []
  const fingerprint: string[] = []
  let decoder: ReturnType<typeof createOpusDecoder> | undefined
  let decoded = 0
  let samples = 0
  let bytesTaken = 0
  return {
    take(bytes) {
      bytesTaken = within(bytesTaken + bytes.length)
      try {
        for (const packet of ogg.push(bytes)) {
          if (isOpusHeader(packet)) continue
          packets.push(packet)
          fingerprint.push(...ofOpus([packet]))
          samples += opusSamples(packet) ?? 0
        }
      } catch (error) {
        if (error instanceof NotOgg) throw new Refusal('INVALID_ARGUMENT', `Invalid audio: the content is not OGG_OPUS. ${error.message}.`)
        throw error
      }
    },
    soFar: () => ({ fingerprint, seconds: samples / opusRate, isDecodable: true, samples: () => decodeOpus(packets) }),
    fresh() {
      decoder ??= createOpusDecoder()
      const parts = packets.slice(decoded).map((packet) => decoder!.decode(packet) ?? new Int16Array(0))
      decoded = packets.length
      return joined(parts)
    },
    close: () => decoder?.close(),
  }
}

function bareAudio(sampleRate: number): IncomingAudio {
  const parts: Uint8Array[] = []
  let read = 0
  let bytesTaken = 0
  return {
    take(bytes) {
      bytesTaken = within(bytesTaken + bytes.length)
      parts.push(bytes)
    },
    soFar: () => heardLinear16(Buffer.concat(parts), sampleRate),
    fresh() {
      const all = Buffer.concat(parts)
      const from = read
      read = all.length - (all.length % 2)
      return resample(samplesOfLinear16(all.subarray(from, read)), sampleRate, 16_000)
    },
    close() {},
  }
}

function within(bytes: number): number {
  if (bytes > MOST_BYTES) throw new Refusal('INVALID_ARGUMENT', 'Too much audio in one stream.')
  return bytes
}
