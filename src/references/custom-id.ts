import { createHmac, timingSafeEqual } from 'node:crypto'

/** How Discord is answered when the button is pressed: known before anything is looked up. */
export type AnswerMode = 'public' | 'ephemeral' | 'update'

export interface CustomId {
  readonly id: string
  readonly answer: AnswerMode
  readonly expiresAt: Date
}

const letters = { public: 'p', ephemeral: 'e', update: 'u' } as const satisfies Record<AnswerMode, string>
const modes: Readonly<Record<string, AnswerMode>> = { p: 'public', e: 'ephemeral', u: 'update' }
const form = /^h1([peu])\.([\w-]{22})\.([0-9a-z]{1,9})\.([\w-]{22})$/

/** `h1<mode>.<row, 128 bit>.<expiry, seconds in base 36>.<HMAC-SHA256, 128 bit>`: 57 of Discord's 100 characters. */
export function signCustomId(key: Buffer, { id, answer, expiresAt }: CustomId): string {
  const signed = `h1${letters[answer]}.${id}.${Math.floor(expiresAt.getTime() / 1000).toString(36)}`
  return `${signed}.${signature(key, signed).toString('base64url')}`
}

/** Undefined where it was not signed with this key. The expiry is the caller's to judge. */
export function readCustomId(key: Buffer, text: string): CustomId | undefined {
  const match = form.exec(text)
  if (!match) return undefined
  const [, letter, id, expiry, given] = match as unknown as readonly [string, string, string, string, string]
  const expected = signature(key, text.slice(0, text.lastIndexOf('.')))
  if (!timingSafeEqual(expected, Buffer.from(given, 'base64url'))) return undefined
  return { id, answer: modes[letter]!, expiresAt: new Date(Number.parseInt(expiry, 36) * 1000) }
}

function signature(key: Buffer, signed: string): Buffer {
  return createHmac('sha256', key).update(signed).digest().subarray(0, 16)
}
