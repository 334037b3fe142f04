import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '#src/kernel/clock.ts'

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'
const LIFE_S = 3_600
/** A token that is about to end is not used: the call takes its time, and clocks differ. */
const MARGIN_S = 300

const keyFile = z.object({
  type: z.literal('service_account').optional(),
  client_email: z.string(),
  private_key: z.string(),
  private_key_id: z.string().optional(),
  project_id: z.string().optional(),
})

/** The part of Google's `AuthClient` that its clients use. */
export interface ServiceAccount {
  readonly projectId: string | undefined
  readonly universeDomain: 'googleapis.com'
  getRequestHeaders(): Promise<Headers>
}

/**
 * Signs for itself what it says to Google, with the key of a service account and without asking anybody for a token:
 * https://google.aip.dev/auth/4111. Undefined where the JSON is another kind of key. Throws where its private key is none.
 */
export function readServiceAccount(json: string, clock: Clock): ServiceAccount | undefined {
  const read = keyFile.safeParse(JSON.parse(json))
  if (!read.success) return undefined
  const { client_email: email, private_key, private_key_id: kid, project_id } = read.data
  const key = createPrivateKey(private_key)
  let token = ''
  let endsAt = 0
  return {
    projectId: project_id,
    universeDomain: 'googleapis.com',
    async getRequestHeaders() {
      const now = Math.floor(clock.now().getTime() / 1_000)
      if (now + MARGIN_S >= endsAt) {
        endsAt = now + LIFE_S
        token = signed(
          key,
          { alg: 'RS256', typ: 'JWT', ...(kid !== undefined && { kid }) },
          { iss: email, sub: email, scope: SCOPE, iat: now, exp: endsAt },
        )
      }
      return new Headers({ authorization: `Bearer ${token}` })
    },
  }
}

function signed(key: KeyObject, header: object, claims: object): string {
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`
}
