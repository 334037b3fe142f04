import { z } from 'zod'
import type { KnownAudio } from '../audio/known-audio.ts'
import { Refusal } from '../refusal.ts'
import { encode, type Output, outputs } from './encode.ts'
import type { Speaker } from './speaker.ts'
import { naturalRate, type Voice, voiceFor } from './voices.ts'

const mostBytes = 5_000
const mp3Rates = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000]

/** https://cloud.google.com/text-to-speech/docs/reference/rpc/google.cloud.texttospeech.v1#synthesizespeechrequest */
const request = z.object({
  input: z.object({ text: z.string().optional(), ssml: z.string().optional() }).nullish(),
  voice: z.object({ languageCode: z.string().default(''), name: z.string().default('') }).nullish(),
  audioConfig: z
    .object({
      audioEncoding: z.string().default('AUDIO_ENCODING_UNSPECIFIED'),
      speakingRate: z.number().default(0),
      sampleRateHertz: z.number().default(0),
    })
    .nullish(),
})

/** Answers the audio, and remembers what it says. Throws Refusal. */
export async function synthesize(given: unknown, speaker: Speaker, known: KnownAudio): Promise<Uint8Array> {
  const { input, voice, audioConfig } = request.parse(given)
  const text = textOf(input?.text ?? '', input?.ssml ?? '')
  const chosen: Voice = voiceFor(voice?.languageCode ?? '', voice?.name ?? '')
  const { output, sampleRate, speed } = formOf(audioConfig)
  const sound = await speaker.speak({ text, voice: chosen.espeak, speed })
  const { bytes, fingerprint } = await encode(sound, output, sampleRate)
  known.add(fingerprint, { text, confidence: 0.95 })
  return bytes
}

function textOf(text: string, ssml: string): string {
  if (text === '' && ssml === '') throw new Refusal('INVALID_ARGUMENT', 'Invalid input: either text or ssml must be set and not be empty.')
  if (Buffer.byteLength(text || ssml) > mostBytes)
    throw new Refusal(
      'INVALID_ARGUMENT',
      'Either `input.text` or `input.ssml` is longer than the limit of 5000 bytes. This limit is different from quotas. To fix, reduce the byte length of the characters in this request, or consider using the Long Audio API: https://cloud.google.com/text-to-speech/docs/create-audio-text-long-audio-synthesis.',
    )
  if (text !== '') return text
  if (!/^\s*<speak[\s>][\s\S]*<\/speak>\s*$/.test(ssml))
    throw new Refusal('INVALID_ARGUMENT', 'Invalid SSML. Newer voices require valid SSML.')
  return ssml
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

function formOf(config: z.output<typeof request>['audioConfig']): { output: Output; sampleRate: number; speed: number } {
  const output = outputs.find((each) => each === config?.audioEncoding)
  if (!output) throw new Refusal('INVALID_ARGUMENT', 'Unsupported audio encoding.')
  const speed = config?.speakingRate || 1
  if (speed < 0.25 || speed > 4) throw new Refusal('INVALID_ARGUMENT', 'Speaking rate must be from 0.25 to 4.0.')
  const sampleRate = config?.sampleRateHertz || naturalRate
  const mayBe = output === 'MP3' ? mp3Rates.includes(sampleRate) : sampleRate >= 8_000 && sampleRate <= 48_000
  if (!mayBe) throw new Refusal('INVALID_ARGUMENT', 'Unsupported sample rate for the audio encoding.')
  return { output, sampleRate, speed }
}
