import { z } from 'zod'
import { googleKey, googleKeyFile } from './variables.ts'

export interface Endpoint {
  readonly host: string
  readonly port: number
  readonly plaintext: boolean
}

const ENDPOINT_FORM = 'must be https://host, https://host:port, or http://127.0.0.1:port of an emulator on this machine'
const loopback = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** Undefined where it is none. Without TLS only on this machine: the credentials go with every call. */
export function parseEndpoint(text: string): Endpoint | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, hostname, port, pathname, search, username } = new URL(text)
  const plaintext = protocol === 'http:'
  if ((!plaintext && protocol !== 'https:') || pathname !== '/' || search || username) return undefined
  if (plaintext && !loopback.has(hostname)) return undefined
  return { host: hostname, port: Number(port || (plaintext ? 80 : 443)), plaintext }
}

const endpoint = z.string().transform((text, context) => {
  const read = parseEndpoint(text)
  if (read) return read
  context.addIssue({ code: 'custom', message: ENDPOINT_FORM })
  return z.NEVER
})

/** Google's Speech-to-Text and Text-to-Speech, for the bot and for voice-processor. All may be left out: then there is no speech. */
export const googleVariables = {
  GOOGLE_APPLICATION_CREDENTIALS: googleKeyFile.optional(),
  GOOGLE_CLOUD_KEY: googleKey.optional(),
  GOOGLE_SPEECH_ENDPOINT: endpoint.optional(),
  GOOGLE_TTS_ENDPOINT: endpoint.optional(),
  GOOGLE_SPEECH_API: z.enum(['v1', 'v2'], 'must be v1 or v2').default('v1'),
  GOOGLE_SPEECH_MODEL: z
    .string()
    .regex(/^[a-z0-9_]{1,40}$/, "must be the name of one of Google's models, such as latest_short")
    .optional(),
  GOOGLE_SPEECH_LOCATION: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'must be a location of Google Cloud, such as global or europe-west4')
    .optional(),
}

export type GoogleConfig = z.output<z.ZodObject<typeof googleVariables>>

/** How to reach Google, where there is a key: `key` and `endpoint` as the adapters take them. */
export function googleAccess(config: GoogleConfig) {
  const { GOOGLE_CLOUD_KEY: json, GOOGLE_APPLICATION_CREDENTIALS: file } = config
  const key = json !== undefined ? { json } : file !== undefined ? { file } : undefined
  if (!key) return undefined
  return { speech: { key, endpoint: config.GOOGLE_SPEECH_ENDPOINT }, textToSpeech: { key, endpoint: config.GOOGLE_TTS_ENDPOINT } }
}
