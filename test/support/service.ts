import { createHmac } from 'node:crypto'
import { systemClock } from '#src/kernel/clock.ts'
import type { ServiceBase } from '#src/service/service-base.ts'
import { createServiceLog } from '#src/service/service-log.ts'
import { createTokens } from '#src/tokens/create-tokens.ts'
import { noTracing } from '#src/tracing/tracing.ts'

/** For processes: the variables of the same name. */
export const secrets = {
  JWT_SECRET: 'the secret of the tests’ users, 32 or more',
  SERVICE_MESH_SECRET: 'the secret of the tests’ services, 32 or more',
} as const

export interface TestBase extends ServiceBase {
  /** What was logged, a JSON line each. */
  readonly lines: readonly string[]
}

/** What a service's app is made with, without a process: `createX({ base: serviceBase('voice-processor'), … })`. */
export function serviceBase(service: string, given: Partial<ServiceBase> = {}): TestBase {
  const lines: string[] = []
  const clock = given.clock ?? systemClock()
  return {
    version: '1.2.3',
    log: createServiceLog({ service, level: 'debug', destination: { write: (line) => void lines.push(line) } }),
    clock,
    tokens: tokensOf(service, clock),
    tracing: noTracing,
    corsOrigins: [],
    trustedProxies: 0,
    ratePerMinute: 1_000_000,
    lines,
    ...given,
  }
}

/** Tokens as this service takes and makes them, with the tests' secrets. */
export function tokensOf(service: string, clock = systemClock()) {
  return createTokens({ jwtSecret: secrets.JWT_SECRET, meshSecret: secrets.SERVICE_MESH_SECRET, service, defaultRole: 'operator', clock })
}

/** A user's token, signed as a client without our library does it. More claims as given: `exp`, `roles`, … */
export function tokenFor(
  claims: { readonly sub?: string; readonly role?: string; readonly [claim: string]: unknown },
  secret: string = secrets.JWT_SECRET,
): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

/** The header that carries it. */
export function bearer(claims: Parameters<typeof tokenFor>[0] = { sub: 'tester' }): { readonly authorization: string } {
  return { authorization: `Bearer ${tokenFor(claims)}` }
}
