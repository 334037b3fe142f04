import { z } from 'zod'
import { defaultLanguage, languageCode } from './language.ts'

/** What goes over `WS /ws/transcribe` of voice-processor: several utterances at once, each with a number of the client's choosing. */
const utterance = z.int().min(0).max(0xffff_ffff)
export const mostPhrases = 500
const boost = 10

const phrase = z.union([
  z
    .string()
    .trim()
    .min(1)
    .max(100)
    .transform((text) => ({ phrase: text, boost })),
  z.object({ phrase: z.string().trim().min(1).max(100), boost: z.number().min(0).max(20).default(boost) }),
])

/** From the client, as JSON. Audio comes as binary messages: see `audioFrame`. */
export const clientMessage = z.discriminatedUnion('type', [
  /** First of all, where the token did not come as a header. */
  z.object({ type: z.literal('auth'), token: z.string().max(8_192) }),
  z.object({
    type: z.literal('start'),
    utterance,
    language: languageCode.default(defaultLanguage),
    phrases: z.array(phrase).max(mostPhrases).default([]),
  }),
  z.object({ type: z.literal('end'), utterance }),
  z.object({ type: z.literal('cancel'), utterance }),
])
export type ClientMessage = z.input<typeof clientMessage>

const words = { utterance, text: z.string(), confidence: z.number(), language: z.string() }

/** From the service. `final` and `error` are an utterance's last; a `final` without text: no speech was heard. */
export const serviceMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('interim'), ...words }),
  z.object({ type: z.literal('final'), ...words }),
  z.object({
    type: z.literal('error'),
    utterance: utterance.optional(),
    detail: z.string(),
    retryable: z.boolean(),
    code: z.number().optional(),
  }),
])
export type ServiceMessage = z.output<typeof serviceMessage>

const NUMBER_BYTES = 4
/** Opus packets of 120 ms at the highest rate are not longer; Discord's have some hundred bytes. */
export const longestPacket = 4_096
export const longestFrame = NUMBER_BYTES + longestPacket

/** The utterance's number, big-endian, and one Opus packet. */
export function audioFrame(number: number, packet: Uint8Array): Uint8Array {
  const frame = Buffer.allocUnsafe(NUMBER_BYTES + packet.length)
  frame.writeUInt32BE(number)
  frame.set(packet, NUMBER_BYTES)
  return frame
}

/** Undefined where it is too short to be one. */
export function readAudioFrame(frame: Uint8Array): { readonly utterance: number; readonly packet: Uint8Array } | undefined {
  if (frame.length <= NUMBER_BYTES) return undefined
  const number = new DataView(frame.buffer, frame.byteOffset, frame.byteLength).getUint32(0)
  return { utterance: number, packet: frame.subarray(NUMBER_BYTES) }
}
