import { createSecretKey } from 'node:crypto'
import { SignJWT } from 'jose/jwt/sign'
import type { Role } from '#src/kernel/command.ts'

export interface UserTokenClaims {
  readonly subject: string
  readonly role: Role
  readonly issuedAt: Date
  readonly expiresAt: Date
}

/** A token for a person or a program that calls the services, as `Tokens.verify` takes it. */
export function createUserToken(jwtSecret: string, { subject, role, issuedAt, expiresAt }: UserTokenClaims): Promise<string> {
  return new SignJWT({ role })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(createSecretKey(Buffer.from(jwtSecret)))
}
