import { UpstreamError, type UpstreamFault } from '#src/kernel/errors.ts'
import { readJson } from '#src/kernel/read-json.ts'
import { type PeerAnswer, PeerFailure } from './exchange.ts'
import { faultSentences } from './fault-sentences.ts'
import type { PeerRequest } from './mesh.ts'
import { NotAskedError } from './peer-link.ts'

/** A call to a peer, as its errors tell of it. */
export interface Asked extends Pick<PeerRequest, 'peer' | 'method' | 'path'> {
  /** The call may be sent again whatever came of it. */
  readonly again: boolean
  readonly timeoutMs: number
}

const longestDetail = 500

/** Whatever the link threw, in a sentence for people. Anything unforeseen is handed on as it is. */
export function peerError(error: unknown, asked: Asked): unknown {
  const { peer, again } = asked
  const refused = { outcome: 'refused', retryable: true, reached: false } as const
  if (error instanceof NotAskedError) {
    const busy = error.why === 'bulkhead'
    const why = busy ? 'has too much to answer at this moment' : 'failed several times in a row and is left alone for a moment'
    return fault(`${peer} ${why}, so it was not asked.`, asked, refused)
  }
  if (!(error instanceof PeerFailure)) return error
  if (error.why === 'unreachable') return fault(`${peer} cannot be reached.`, asked, refused)
  if (error.why === 'redirect') {
    const message = `${peer} answered with a redirect, which is not followed: check the address that is set for it.`
    return fault(message, asked, { outcome: 'refused', retryable: false })
  }
  const { answer } = error
  const ambiguous = { outcome: 'ambiguous', retryable: again } as const
  if (!answer) return fault(sentences[error.why](asked), asked, ambiguous)
  const { status, retryAfterMs } = answer
  const message = detailOf(answer) ?? `${peer} had an error of its own (HTTP ${status}).`
  return fault(message, asked, { ...ambiguous, status, ...(retryAfterMs !== undefined && { retryAfterMs }) })
}

const sentences = {
  late: ({ peer, timeoutMs }: Asked) => `${peer} did not answer within ${timeoutMs / 1_000} s.`,
  cut: ({ peer }: Asked) => `The connection to ${peer} was lost before it had answered.`,
  flood: ({ peer }: Asked) => `${peer} answered more than can be taken.`,
  'server error': ({ peer }: Asked) => `${peer} had an error of its own.`,
} as const

/** The time was over before it was the call's turn: nothing was sent. */
export function neverSent(asked: Asked): UpstreamError {
  const message = `${asked.peer} had too much to answer for ${asked.timeoutMs / 1_000} s, so it was not asked.`
  return fault(message, asked, { outcome: 'refused', retryable: true, reached: false })
}

/** Cannot be asked at all before somebody sets a variable. */
export function notConfigured(asked: Asked, variable: string): UpstreamError {
  const message = `${asked.peer} cannot be asked, as ${variable} is not set.`
  return fault(message, asked, { outcome: 'refused', retryable: false, reached: false })
}

/** An answer with 4xx: the peer is well, and says no. */
export function refusedBy(answer: PeerAnswer, asked: Asked): UpstreamError {
  const { status, retryAfterMs } = answer
  const message = detailOf(answer) ?? `${asked.peer} refused (HTTP ${status}).`
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
  return fault(message, asked, { outcome: 'refused', retryable: status === 429, status, ...wait })
}

/** An answer that says yes in words that nobody understands. */
export function unreadable(answer: PeerAnswer, asked: Asked): UpstreamError {
  const message = `${asked.peer} answered something else than it should; it may be of another version.`
  return fault(message, asked, { outcome: 'ambiguous', retryable: asked.again, status: answer.status })
}

function fault(message: string, { peer, method, path }: Asked, details: Omit<UpstreamFault, 'provider' | 'operation'>): UpstreamError {
  return new UpstreamError(message, { provider: peer, operation: `${method} ${path}`, ...details })
}

/** `{"detail": "…"}`, or FastAPI's list of faults, as far as it is one sentence for people. */
function detailOf({ text }: PeerAnswer): string | undefined {
  const detail = (parsed(text) as { detail?: unknown } | undefined)?.detail
  if (typeof detail === 'string') return detail.trim() === '' ? undefined : detail.slice(0, longestDetail)
  return Array.isArray(detail) ? faultSentences(detail)?.slice(0, longestDetail) : undefined
}

/** Undefined where it is no JSON object. */
function parsed(text: string): object | undefined {
  const value = readJson(text)
  return typeof value === 'object' && value !== null ? value : undefined
}
