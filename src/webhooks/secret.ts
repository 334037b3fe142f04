import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** The last part of the address that Railway's webhooks come to. */
export interface WebhookSecret {
  readonly value: string
  /** Whoever runs Helix chose it (RAILWAY_WEBHOOK_SECRET), and knows it. */
  readonly chosen: boolean
}

/** Without a chosen one it follows from HELIX_SECRET_KEY: the same in every process and after every start. */
export function webhookSecret(secretKey: string, chosen: string | undefined): WebhookSecret {
  if (chosen !== undefined) return { value: chosen, chosen: true }
  return { value: createHmac('sha256', secretKey).update('railway webhook').digest('hex').slice(0, 48), chosen: false }
}

/** Takes as long whatever is wrong with what was given. */
export function secretCheck({ value }: WebhookSecret): (given: string) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = digest(value)
  return (given) => timingSafeEqual(digest(given), expected)
}

interface Given {
  readonly HELIX_SECRET_KEY: string
  readonly RAILWAY_WEBHOOK_SECRET?: string | undefined
  readonly RAILWAY_PUBLIC_DOMAIN?: string | undefined
  readonly PORT?: number | undefined
}

/** What the variables say of it. */
export function webhookDoor(given: Given) {
  const secret = webhookSecret(given.HELIX_SECRET_KEY, given.RAILWAY_WEBHOOK_SECRET)
  return { secret, domain: given.RAILWAY_PUBLIC_DOMAIN, answersHttp: given.PORT !== undefined }
}

/** So much that it can be told from another: never enough to use it. */
export function masked(secret: string): string {
  return `${secret.slice(0, 4)}…`
}
