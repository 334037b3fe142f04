import { createHash } from 'node:crypto'
import { isOpusSilence } from '#src/speech/opus-packet.ts'
import { samplesOfLinear16 } from '#src/speech/wav.ts'

/** Loudness below which 20 ms are a pause, of 32,768. */
const QUIET = 60
const BLOCK_SECONDS = 0.02
const BYTES_OF_OTHERS = 512
const LEAST_PIECES = 5

/** Marks by which audio is known again: one for each piece of it that is not silent, whatever container it lies in. */
export type Fingerprint = readonly string[]

export function ofOpus(packets: readonly Uint8Array[]): Fingerprint {
  return packets.filter((packet) => !isOpusSilence(packet)).map(mark)
}

/** What differs in it: silence that a microphone sends is the same few packets again and again. */
export function piecesOf(fingerprint: Fingerprint): Fingerprint {
  return [...new Set(fingerprint)]
}

/** Whether there is enough in it for a word. */
export function isSpeech(fingerprint: Fingerprint): boolean {
  return piecesOf(fingerprint).length >= LEAST_PIECES
}

/** Of 16-bit samples. */
export function ofLinear16(bytes: Uint8Array, sampleRate: number): Fingerprint {
  const length = Math.max(1, Math.round(sampleRate * BLOCK_SECONDS)) * 2
  return pieces(bytes, length)
    .filter((piece) => loudness(piece) > QUIET)
    .map(mark)
}

/** Of what is not taken apart. */
export function ofBytes(bytes: Uint8Array): Fingerprint {
  return pieces(bytes, BYTES_OF_OTHERS).map(mark)
}

function pieces(bytes: Uint8Array, length: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / length) }, (_, index) => bytes.subarray(index * length, (index + 1) * length))
}

function loudness(bytes: Uint8Array): number {
  const samples = samplesOfLinear16(bytes)
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return Math.sqrt(sum / Math.max(1, samples.length))
}

function mark(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('base64url').slice(0, 12)
}
