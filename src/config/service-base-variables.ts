import { z } from 'zod'
import { roles } from '#src/kernel/command.ts'
import { meshVariables } from './mesh-variables.ts'
import { tracingVariables } from './tracing-variables.ts'
import { baseVariables, wholeNumber } from './variables.ts'

/** Signs or seals: too short, it can be guessed. */
export const secret = z.string().min(32, 'must have at least 32 characters')
const origins = z.string().transform((text, context) => {
  const list = text.split(',').map((entry) => entry.trim())
  if (list.every((entry) => entry === '*' || isOrigin(entry))) return list
  context.addIssue({ code: 'custom', message: 'must be origins such as https://app.example.com, separated by commas' })
  return z.NEVER
})

/** What every service reads beside its own (service-variables.ts). */
export const serviceBaseVariables = {
  ...baseVariables,
  JWT_SECRET: secret,
  JWT_DEFAULT_ROLE: z.enum(roles, `must be ${roles.join(', ')}`).default('operator'),
  SERVICE_MESH_SECRET: secret.optional(),
  CORS_ORIGINS: origins.default([]),
  RATE_LIMIT_PER_MINUTE: wholeNumber(1, 10_000_000).default(6_000),
  TRUSTED_PROXIES: wholeNumber(0, 10).default(0),
  ...meshVariables,
  ...tracingVariables,
}

export type ServiceBaseConfig = z.output<z.ZodObject<typeof serviceBaseVariables>>

/** Whoever could sign for a user could otherwise sign for a service. */
export const secretsDiffer = [
  ({ JWT_SECRET, SERVICE_MESH_SECRET }: Readonly<Record<string, unknown>>) =>
    JWT_SECRET === undefined || JWT_SECRET !== SERVICE_MESH_SECRET,
  { error: 'SERVICE_MESH_SECRET must not be the same as JWT_SECRET', when: () => true },
] as const

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}
