import { setImmediate as breathe } from 'node:timers/promises'
import OpusScript from 'opusscript'
import { linear16Of, samplesOfLinear16 } from '#src/speech/wav.ts'
import { resample } from './resample.ts'

const RATE = 48_000
const FRAME = 960
/** Between them the other emulators of this process get their turn. */
const FRAMES_AT_ONCE = 50

/** Packets of 20 ms at 48 kHz, one channel: as Discord's clients send them. */
export async function encodeOpus(samples: Int16Array, rate: number): Promise<readonly Uint8Array[]> {
  const encoder = new OpusScript(RATE, 1, OpusScript.Application.VOIP)
  try {
    const all = resample(samples, rate, RATE)
    const packets: Uint8Array[] = []
    for (let at = 0; at < all.length; at += FRAME) {
      const frame = new Int16Array(FRAME)
      frame.set(all.subarray(at, at + FRAME))
      packets.push(Uint8Array.from(encoder.encode(Buffer.from(linear16Of(frame)), FRAME)))
      if (packets.length % FRAMES_AT_ONCE === 0) await breathe()
    }
    return packets
  } finally {
    encoder.delete()
  }
}

/** Decodes packets one after the other to samples at 16 kHz, one channel: what a recogniser wants. To be closed: it lives outside of JavaScript's memory. */
export function createOpusDecoder() {
  const decoder = new OpusScript(16_000, 1)
  return {
    /** Undefined where the packet cannot be decoded. */
    decode(packet: Uint8Array): Int16Array | undefined {
      try {
        return samplesOfLinear16(decoder.decode(Buffer.from(packet)))
      } catch {
        // opusscript throws a bare Error with libopus' own word; a damaged packet is what a decoder has to live with.
        return undefined
      }
    },
    close: () => decoder.delete(),
  }
}

/** Samples at 16 kHz, one channel. Packets that cannot be decoded are left out. */
export async function decodeOpus(packets: readonly Uint8Array[]): Promise<Int16Array> {
  const decoder = createOpusDecoder()
  const parts: Int16Array[] = []
  try {
    for (const [index, packet] of packets.entries()) {
      parts.push(decoder.decode(packet) ?? new Int16Array(0))
      if (index % FRAMES_AT_ONCE === 0) await breathe()
    }
  } finally {
    decoder.close()
  }
  return joined(parts)
}

export function joined(parts: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
