import { networkInterfaces } from 'node:os'
import { z } from 'zod'
import { readJson } from '#src/kernel/read-json.ts'

/** Variables that several processes read; each puts together its own. */
export const databaseUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// URL' })
export const redisUrl = z.url({ protocol: /^rediss?$/, error: 'must be a redis:// URL' })
/** The path of a key file; whether it can be read shows when it is used. */
export const googleKeyFile = z.string()
/** The key of a Google service account: the JSON itself. */
export const googleKey = z.string().refine(isServiceAccountKey, 'must be the JSON of a Google service account key')
/** Signs webhooks from Zapier and to it. */
export const zapierSecret = z.string().min(16, 'must have at least 16 characters')
/** Where webhooks are sent: what they say must not be read on the way, so plain http is for this machine alone. */
export const hookUrl = z
  // What is no URL at all ends here: the next look at it would throw, and name it.
  .url({ protocol: /^https?$/, error: 'must be an https URL', abort: true })
  .refine((text) => new URL(text).protocol === 'https:' || isLoopback(new URL(text).hostname), 'must be an https URL')
export const poolSize = wholeNumber(1, 200).default(10)

/** What the base itself reads. */
export const baseVariables = {
  PORT: wholeNumber(0, 65_535).optional(),
  HOST: z.string().optional(),
  NODE_ENV: z.string().optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error'], 'must be debug, info, warn or error').default('info'),
}

export type BaseConfig = z.output<z.ZodObject<typeof baseVariables>>

/** Railway's private network is IPv6, its edge may use either: listen on both in production, and on loopback alone elsewhere. */
export function listenHost({ HOST, NODE_ENV }: BaseConfig): string {
  if (HOST) return HOST
  if (NODE_ENV !== 'production') return '127.0.0.1'
  const hasIPv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ family }) => family === 'IPv6'))
  return hasIPv6 ? '::' : '0.0.0.0'
}

/** A whole number within bounds, both included. */
export function wholeNumber(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`
  return z
    .string()
    .regex(/^\d{1,9}$/, error)
    .transform(Number)
    .refine((value) => value >= least && value <= most, error)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

function isServiceAccountKey(text: string): boolean {
  return z.object({ client_email: z.string(), private_key: z.string() }).safeParse(readJson(text)).success
}
