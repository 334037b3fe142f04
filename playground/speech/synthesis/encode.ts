import { createMp3Encoder } from 'wasm-media-encoders'
import { aLawOf, fromALaw, fromMuLaw, muLawOf } from '#src/speech/g711.ts'
import { createOggOpusMuxer } from '#src/speech/ogg-opus-muxer.ts'
import { linear16Of, type Wav, writeWav } from '#src/speech/wav.ts'
import { type Fingerprint, ofBytes, ofLinear16, ofOpus } from '../audio/fingerprint.ts'
import { encodeOpus } from '../audio/opus.ts'
import { resample } from '../audio/resample.ts'
import type { Sound } from './speaker.ts'

export const outputs = ['LINEAR16', 'MP3', 'OGG_OPUS', 'MULAW', 'ALAW', 'PCM'] as const
export type Output = (typeof outputs)[number]

export interface Encoded {
  readonly bytes: Uint8Array
  /** By which it is known when it comes back: a telephone's samples are not those that went in. */
  readonly fingerprint: Fingerprint
}

/** Sound in one of Google's encodings. LINEAR16, MULAW and ALAW have a WAVE header, PCM has none. */
export async function encode({ samples, rate }: Sound, output: Output, sampleRate: number): Promise<Encoded> {
  const resampled = resample(samples, rate, sampleRate)
  const wave = (format: Wav['format'], bits: number, data: Uint8Array) => writeWav({ sampleRate, channels: 1, bits, format, data })
  const known = (heard: Int16Array) => ofLinear16(linear16Of(heard), sampleRate)
  switch (output) {
    case 'LINEAR16':
      return { bytes: wave('pcm', 16, linear16Of(resampled)), fingerprint: known(resampled) }
    case 'PCM':
      return { bytes: linear16Of(resampled), fingerprint: known(resampled) }
    case 'MULAW':
      return { bytes: wave('mu-law', 8, muLawOf(resampled)), fingerprint: known(fromMuLaw(muLawOf(resampled))) }
    case 'ALAW':
      return { bytes: wave('a-law', 8, aLawOf(resampled)), fingerprint: known(fromALaw(aLawOf(resampled))) }
    case 'MP3': {
      const bytes = await mp3Of(resampled, sampleRate)
      return { bytes, fingerprint: ofBytes(bytes) }
    }
    case 'OGG_OPUS': {
      const packets = await encodeOpus(resampled, sampleRate)
      return { bytes: oggOf(packets), fingerprint: ofOpus(packets) }
    }
  }
}

async function mp3Of(samples: Int16Array, sampleRate: number): Promise<Uint8Array> {
  const encoder = await createMp3Encoder()
  encoder.configure({ sampleRate, channels: 1, bitrate: 32 })
  // What it answers is overwritten by the next call.
  const body = Uint8Array.from(encoder.encode([Float32Array.from(samples, (sample) => sample / 32_768)]))
  return Buffer.concat([body, Uint8Array.from(encoder.finalize())])
}

function oggOf(packets: readonly Uint8Array[]): Uint8Array {
  const ogg = createOggOpusMuxer({ serial: 1 })
  const pages = [ogg.headers()]
  for (const [index, packet] of packets.entries()) {
    ogg.write(packet)
    if (index % 50 === 49) pages.push(ogg.flush()!)
  }
  return Buffer.concat([...pages, ogg.flush(true)!])
}
