import { z } from 'zod'
import { wholeNumber } from './variables.ts'

/** A base address: a user or a password in it would end up in logs, and a query would get lost. */
const peerUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL', abort: true }).refine((text) => {
  const { username, password, search, hash } = new URL(text)
  return [username, password, search, hash].every((part) => part === '')
}, 'must be a plain address: no user, no password, no query')

const longestMs = 300_000

/** The seeds write a bare number and mean seconds; `800ms` and `2s` are clear by themselves. */
const timeLimit = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,3})?(ms|s)?$/, 'must be seconds, such as 5 or 0.5 (or milliseconds, such as 800ms)')
  .transform((text) => Math.round(Number.parseFloat(text) * (text.endsWith('ms') ? 1 : 1_000)))
  .refine((ms) => ms >= 10 && ms <= longestMs, 'must be from 10ms to 300 (seconds)')

/** Where the peers of a process are and how patient it is with them. Each peer may be left out. */
export const meshVariables = {
  WEBSOCKET_SERVICE_URL: peerUrl.optional(),
  AGENT_ORCHESTRATOR_URL: peerUrl.optional(),
  VOICE_PROCESSOR_URL: peerUrl.optional(),
  ZAPIER_SERVICE_URL: peerUrl.optional(),
  HELIX_BOT_URL: peerUrl.optional(),
  /** In milliseconds once it is read; in seconds as it is written. */
  SERVICE_MESH_TIMEOUT: timeLimit.default(5_000),
  CIRCUIT_BREAKER_THRESHOLD: wholeNumber(1, 1_000).default(5),
  /** Railway's own: there, every service of the project has a private name. */
  RAILWAY_PRIVATE_DOMAIN: z.string().optional(),
}

export type MeshConfig = z.output<z.ZodObject<typeof meshVariables>>
