import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** What a webhook's headers say about itself. */
export interface SignatureHeaders {
  /** `x-zapier-signature`: the hex HMAC, with or without `v1=` before it. */
  readonly signature: string | undefined
  /** `x-zapier-timestamp`: seconds since 1970. Where it is given, the signature is over timestamp and body. */
  readonly timestamp: string | undefined
}

export interface SignatureCheck extends SignatureHeaders {
  readonly body: Buffer
  readonly secret: string
  readonly now: Date
}

/** The signature does not prove that this came from who holds the secret, or not now. The message says why and quotes nothing. */
export class SignatureRefused extends Error {
  override readonly name = 'SignatureRefused'
}

/** How far a timestamp may lie behind and ahead of our clock, in seconds. */
export const window = { lateS: 300, aheadS: 60 } as const

const HEX = /^(?:v1=)?([0-9a-f]{64})$/i
const SECONDS = /^\d{1,12}$/
/** `1732190000.5` is a body that reads like a timestamp and a body: a timestamped request could be passed off as it. */
const LIKE_TIMESTAMPED = /^\s*\d+\./

/**
 * Checks a webhook's signature (hex HMAC-SHA256, compared in constant time) in either form: over the raw body alone, as existing clients
 * sign, or over `<timestamp>.<body>`, which a stranger cannot send again later. Answers the key under which a second one is a replay.
 * Throws SignatureRefused.
 */
export function checkSignature({ signature, timestamp, body, secret, now }: SignatureCheck): { readonly replayKey: string } {
  if (signature === undefined || signature === '') throw new SignatureRefused('The header x-zapier-signature is missing.')
  const hex = HEX.exec(signature)?.[1]
  if (hex === undefined) throw new SignatureRefused('x-zapier-signature must be the hex HMAC-SHA256 of the body.')
  if (timestamp === undefined) return checkBodyAlone(hex, signature, body, secret)
  if (!SECONDS.test(timestamp)) throw new SignatureRefused('x-zapier-timestamp must be in seconds since 1970.')
  const signed = Buffer.concat([Buffer.from(`${timestamp}.`), body])
  compare(hex, signed, secret)
  const age = now.getTime() / 1_000 - Number(timestamp)
  if (age > window.lateS) throw new SignatureRefused('The webhook is late: its timestamp is more than five minutes old.')
  if (age < -window.aheadS) throw new SignatureRefused('The webhook is from the future: its timestamp is more than a minute ahead.')
  return { replayKey: digest('timestamped', signed) }
}

/** Signs what Helix sends in the better form. */
export function sign(secret: string, timestamp: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`
}

function checkBodyAlone(hex: string, signature: string, body: Buffer, secret: string): { readonly replayKey: string } {
  if (/^v1=/i.test(signature)) throw new SignatureRefused('A signature v1=… needs the header x-zapier-timestamp.')
  compare(hex, body, secret)
  if (LIKE_TIMESTAMPED.test(body.toString('latin1', 0, 32)))
    throw new SignatureRefused('A body that is a bare decimal number needs a timestamped signature.')
  return { replayKey: digest('body', body) }
}

function compare(hex: string, signed: Buffer, secret: string): void {
  const expected = createHmac('sha256', secret).update(signed).digest()
  if (!timingSafeEqual(expected, Buffer.from(hex, 'hex'))) throw new SignatureRefused('The signature is wrong.')
}

function digest(form: string, signed: Buffer): string {
  return createHash('sha256').update(`${form}\n`).update(signed).digest('base64url')
}
