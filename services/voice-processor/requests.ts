import { z } from 'zod'
import { defaultLanguage, languageCode } from '#src/speech/language.ts'
import { audioEncodings } from '#src/speech/synthesizer.ts'

/** Google's limit of a text, in bytes. */
const MOST_TEXT_BYTES = 5_000
/** Of a request with audio: base64 takes four bytes for three. */
export const mostBodyBytes = 14_000_000

const audioData = z
  .base64('must be base64')
  .min(1)
  .describe('Base64 of LINEAR16 (16 bit, one channel, 16 kHz), or of a wav, ogg, webm or mp3 file')
const language_code = languageCode.default(defaultLanguage)
const phrases = z.array(z.string().trim().min(1).max(100)).max(500).default([]).describe('Words to expect')

export const transcription = z.object({ audio_data: audioData, language_code, phrases })

export const synthesis = z.object({
  text: z
    .string()
    .trim()
    .min(1)
    .refine((text) => Buffer.byteLength(text) <= MOST_TEXT_BYTES, `must have at most ${MOST_TEXT_BYTES} bytes`),
  language_code,
  voice_name: z
    .string()
    .regex(/^[\w-]{1,80}$/, 'must be the name of a voice, such as en-US-Neural2-C')
    .nullish(),
  audio_encoding: z.enum(audioEncodings).default('MP3'),
})

export const upload = z.object({ language_code })

export const voiceCommand = z
  .object({ audio_data: audioData.optional(), text: z.string().trim().min(1).max(1_000).optional(), language_code, phrases })
  .refine(({ audio_data, text }) => (audio_data === undefined) !== (text === undefined), 'give either audio_data or text')

export const heard = z.object({ text: z.string(), confidence: z.number(), language: z.string() })
export const spoken = z.object({ audio_data: z.string(), audio_encoding: z.enum(audioEncodings), duration: z.number().describe('Seconds') })
export const processed = z.object({ filename: z.string(), transcript: z.string(), confidence: z.number(), language: z.string() })
export const eventList = z.object({ events: z.array(z.record(z.string(), z.unknown())) })
export const clipTest = z.object({
  status: z.enum(['success', 'failed', 'unconfigured']),
  test: z.string().describe('What was heard, or why nothing was'),
  expected: z.string(),
  confidence: z.number().optional(),
  took_ms: z.number().optional(),
  tested_at: z.string(),
})
