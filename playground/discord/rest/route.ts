import type { Upload } from '../uploads.ts'

/** One request, read. */
export interface Asked {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string | undefined>>
  readonly body: unknown
  readonly uploads: readonly Upload[]
  /** Who asks: the account's id. Empty where the route needs no authorization. */
  readonly account: string
}

export interface Answer {
  readonly status: number
  readonly body?: unknown
}

/** A rate limit of so many requests in so much time; each channel, guild and webhook token has its own. */
export interface Bucket {
  readonly name: string
  /** What `X-RateLimit-Bucket` says. */
  readonly hash: string
  readonly limit: number
  readonly windowMs: number
}

/** A route of Discord's API that the playground serves. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** As Fastify writes it, below `/api/vN`. */
  readonly path: string
  /** `token`: the path's own token is the authorization, and the global rate limit does not apply. */
  readonly authorization: 'account' | 'token'
  readonly bucket: Bucket | undefined
  run(asked: Asked): Answer | Promise<Answer>
}

export const ok = (body: unknown): Answer => ({ status: 200, body })
export const nothing: Answer = { status: 204 }

/** A route of the bot's, in its own bucket. */
export function botRoute(method: Route['method'], path: string, bucket: Bucket, run: Route['run']): Route {
  return { method, path, authorization: 'account', bucket, run }
}
