import type { ServiceHttp } from '#src/service/request-schemas.ts'
import { readBareOrClip } from '../clip.ts'
import { heard, mostBodyBytes, spoken, synthesis, transcription, voiceCommand } from '../requests.ts'
import { configured, type Speech } from '../speech.ts'
import { faultOfInput, understand } from '../understand.ts'
import type { VoiceEvents } from '../voice-events.ts'

export interface SpeechParts {
  readonly speech: Speech | undefined
  readonly events: VoiceEvents
}

/** Each costs money at Google. */
const config = { role: 'operator', ratePerMinute: 120, refuses: [400, 502, 503] } as const
const PHRASE_BOOST = 10
const boosted = (phrases: readonly string[]) => phrases.map((phrase) => ({ phrase, boost: PHRASE_BOOST }))

/** Speech as text, text as speech, and what is said to Helix. */
export function speechRoutes(http: ServiceHttp, { speech, events }: SpeechParts): void {
  for (const [url, undocumented] of [
    ['/api/transcribe', false],
    ['/transcribe', true],
  ] as const) {
    http.post(
      url,
      {
        bodyLimit: mostBodyBytes,
        config: { ...config, undocumented },
        schema: { summary: 'Speech as text', body: transcription, response: { 200: heard } },
      },
      async ({ body }) => {
        configured(speech)
        const clip = await readBareOrClip(Buffer.from(body.audio_data, 'base64'))
        const { text, confidence, language } = await understand(speech, clip, {
          language: body.language_code,
          phrases: boosted(body.phrases),
        })
        await events.tell({ event: 'transcription_completed', text, confidence, language })
        return { text, confidence, language }
      },
    )
  }

  for (const [url, undocumented] of [
    ['/api/synthesize', false],
    ['/synthesize', true],
  ] as const) {
    http.post(
      url,
      { config: { ...config, undocumented }, schema: { summary: 'Text as speech', body: synthesis, response: { 200: spoken } } },
      async ({ body }) => {
        const { text, language_code: language, voice_name: voice, audio_encoding: encoding } = body
        const { synthesizer } = configured(speech)
        const audio = await faultOfInput(() => synthesizer.synthesize({ text, language, encoding, ...(voice && { voice }) }))
        const duration = audio.durationMs / 1_000
        await events.tell({ event: 'synthesis_completed', text_length: text.length, duration })
        return { audio_data: Buffer.from(audio.bytes).toString('base64'), audio_encoding: encoding, duration }
      },
    )
  }

  for (const [url, undocumented] of [
    ['/api/voice-command', false],
    ['/voice-command', true],
  ] as const) {
    http.post(
      url,
      {
        bodyLimit: mostBodyBytes,
        config: { ...config, undocumented },
        schema: { summary: 'What is said to Helix', body: voiceCommand, response: { 200: heard } },
      },
      async ({ body, principal }) => {
        const said = await commandOf(speech, body)
        // What it asks for is decided by who listens: here nothing is understood, and nothing done.
        await events.tell({ event: 'voice_command', ...said, speaker: principal.subject })
        return said
      },
    )
  }
}

async function commandOf(
  speech: Speech | undefined,
  {
    audio_data,
    text,
    language_code,
    phrases,
  }: { audio_data?: string | undefined; text?: string | undefined; language_code: string; phrases: string[] },
) {
  if (text !== undefined) return { text, confidence: 1, language: language_code }
  configured(speech)
  const clip = await readBareOrClip(Buffer.from(audio_data ?? '', 'base64'))
  const transcript = await understand(speech, clip, { language: language_code, phrases: boosted(phrases) })
  return { text: transcript.text, confidence: transcript.confidence, language: transcript.language }
}
