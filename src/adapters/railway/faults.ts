import { ClientError } from 'graphql-request'
import { sayDuration } from '#src/kernel/arguments/duration.ts'
import { UpstreamError, type UpstreamFault } from '#src/kernel/errors.ts'
import { isAboutAccess, isAboutPace, provesNothingDone, type Refusal } from './refusals.ts'

/** What was asked, for a fault about it. */
export interface Asked {
  /** Railway's own name: `serviceInstanceDeployV2`. */
  readonly field: string
  readonly kind: 'query' | 'mutation' | 'subscription'
}

/** Node's codes of a connection that was never made: nothing was sent, so nothing can have happened. */
const neverConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])

/**
 * Whatever graphql-request or fetch threw, as an UpstreamError. What they say themselves is dropped, as it quotes the
 * request with its variables. `waitMs` is Retry-After's.
 */
export function faultOf(error: unknown, asked: Asked, waitMs: number | undefined): UpstreamError {
  if (error instanceof UpstreamError) return error
  if (error instanceof ClientError) return answered(error, asked, waitMs)
  const code = codeOf(error)
  if (code && neverConnected.has(code)) {
    return fault('Railway could not be reached.', asked, { outcome: 'refused', retryable: true })
  }
  const network = error instanceof TypeError || code !== undefined
  return ambiguous(network ? 'The connection to Railway was lost before it answered.' : unreadable(undefined), asked)
}

export function timedOut(asked: Asked, ms: number): UpstreamError {
  return ambiguous(`Railway did not answer within ${sayDuration(ms)}.`, asked)
}

/** The client was closed while Railway had the request. */
export function stopped(asked: Asked): UpstreamError {
  return ambiguous('Helix stopped before Railway answered.', asked)
}

export function rateLimited(asked: Asked, waitMs: number): UpstreamError {
  return fault("Railway's rate limit is reached.", asked, {
    outcome: 'refused',
    retryable: true,
    status: 429,
    retryAfterMs: waitMs,
  })
}

/** GraphQL's errors in the place of an answer, in a sentence. A mutation is refused only where that is clear. */
export function refused(refusal: Refusal, asked: Asked, status?: number): UpstreamError {
  const details = { ...(status && { status }), ...(refusal.traceId && { traceId: refusal.traceId }) }
  // 400 is GraphQL's own: the document or its variables did not fit, and nothing of it ran.
  if (asked.kind === 'mutation' && status !== 400 && !provesNothingDone(refusal)) {
    return ambiguous(`Railway answered “${quoted(refusal.message).replace(/\.$/, '')}”.`, asked, details)
  }
  if (isAboutAccess(refusal)) {
    const message = 'Railway refused: the token is wrong, or it has no access to this. Check the Railway token of this place.'
    return fault(message, asked, { outcome: 'refused', retryable: false, ...details })
  }
  const retryable = isAboutPace(refusal) || (asked.kind !== 'mutation' && /problem processing request/i.test(refusal.message))
  return fault(`Railway refused: ${sentence(refusal.message)}`, asked, { outcome: 'refused', retryable, ...details })
}

/** Railway answered a mutation with false: it changed nothing. */
export function declined(asked: Asked): UpstreamError {
  return fault('Railway refused: it answered that nothing was changed.', asked, { outcome: 'refused', retryable: false })
}

function answered(error: ClientError, asked: Asked, waitMs: number | undefined): UpstreamError {
  const { status, body } = error.response
  if (status === 429) return rateLimited(asked, waitMs ?? 1000)
  if (status >= 500) return ambiguous(`Railway had an error of its own (HTTP ${status}).`, asked, { status })
  if (status === 413) return fault('Railway refused: the request is too large.', asked, { outcome: 'refused', retryable: false, status })
  const first = firstRefusal(error)
  const beside = partsBeside(error, asked)
  if (first && beside) return fault(`Railway refused: ${sentence(first.message)}`, asked, { outcome: 'refused', retryable: false, beside })
  if (first) return refused(first, asked, status)
  const page = /^\s*</.test(body ?? '')
  if (!page && (status === 401 || status === 403)) return refused({ message: 'Not Authorized' }, asked, status)
  return ambiguous(unreadable(status), asked, { status })
}

/** Names of the parts of an answer that failed, where all of them are others than what was asked for first. */
function partsBeside({ response: { errors = [] } }: ClientError, { field, kind }: Asked): readonly string[] | undefined {
  const parts = errors.map(({ path }) => path?.[0])
  const others = parts.filter((part) => typeof part === 'string' && part !== field) as readonly string[]
  return kind === 'query' && errors.length > 0 && others.length === parts.length ? others : undefined
}

function firstRefusal(error: ClientError): Refusal | undefined {
  const { errors = [], data } = error.response
  const [first] = errors
  if (typeof first?.message !== 'string') return undefined
  const { code } = first.extensions ?? {}
  const traceId = first.extensions?.traceId ?? (first as { traceId?: unknown }).traceId
  const hasData = Object.values((data as object | null | undefined) ?? {}).some((value) => value !== null)
  return {
    message: first.message,
    ...(typeof traceId === 'string' && { traceId }),
    ...(typeof code === 'string' && { code }),
    isPartial: hasData || (first.path?.length ?? 0) > 1,
  }
}

function ambiguous(message: string, asked: Asked, details: { readonly status?: number; readonly traceId?: string } = {}): UpstreamError {
  const change = asked.kind === 'mutation'
  return fault(change ? `${message} The change may or may not have happened.` : message, asked, {
    outcome: 'ambiguous',
    retryable: !change,
    ...details,
  })
}

function fault(message: string, asked: Asked, rest: Omit<UpstreamFault, 'provider' | 'operation'>): UpstreamError {
  const readOnly = asked.kind !== 'mutation'
  return new UpstreamError(message, { provider: 'Railway', operation: asked.field, ...(readOnly && { readOnly }), ...rest })
}

function unreadable(status: number | undefined): string {
  return `Railway answered with something that is not data${status ? ` (HTTP ${status})` : ''}.`
}

/** Ends with a full stop. */
function sentence(message: string): string {
  const short = quoted(message)
  return /[.!?…]$/.test(short) ? short : `${short}.`
}

/** Railway's words: not too many, and no value that was sent. */
function quoted(message: string): string {
  const clean = message.replace(/got invalid value [\s\S]*?(;|$)/, 'got an invalid value$1').trim()
  return clean.length > 300 ? `${clean.slice(0, 299)}…` : clean
}

function codeOf(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  if (typeof code === 'string') return code
  return cause ? codeOf(cause) : undefined
}
