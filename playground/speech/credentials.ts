import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import type { Metadata } from '@grpc/grpc-js'
import { z } from 'zod'
import type { Clock } from '#src/kernel/clock.ts'
import { Refusal } from './refusal.ts'

export const project = 'helix-playground'
const email = `helix@${project}.iam.gserviceaccount.com`
const expected =
  'Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.'

/** A service account that exists nowhere else. Google's libraries sign with its key what they say to Google: https://google.aip.dev/auth/4111 */
export interface ServiceAccount {
  /** What a person would set as GOOGLE_CLOUD_KEY. */
  readonly json: string
  readonly privateKey: string
  /** Throws Refusal where the call carries no such signature. */
  check(metadata: Metadata): void
}

export function createServiceAccount(clock: Clock, privateKey = newKey()): ServiceAccount {
  const publicKey = createPublicKey(privateKey)
  return {
    privateKey,
    json: JSON.stringify({ type: 'service_account', project_id: project, private_key: privateKey, client_email: email }),
    check(metadata) {
      const [given] = metadata.get('authorization')
      if (given === undefined) throw new Refusal('UNAUTHENTICATED', `Request is missing required authentication credential. ${expected}`)
      const [header = '', payload = '', signature = ''] = String(given)
        .replace(/^Bearer /i, '')
        .split('.')
      const isSigned = verify('RSA-SHA256', Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url'))
      if (!isSigned || !isValid(payload, clock.now().getTime() / 1_000))
        throw new Refusal('UNAUTHENTICATED', `Request had invalid authentication credentials. ${expected}`)
    },
  }
}

const claims = z.object({ iss: z.literal(email), exp: z.number() })

/** Of a payload whose signature is right, so that it is ours. */
function isValid(payload: string, now: number): boolean {
  const read = claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString()))
  return read.success && read.data.exp > now
}

function newKey(): string {
  return generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}
