import { UpstreamError, type UpstreamFault } from '#src/kernel/errors.ts'

export type GoogleProvider = 'Google Speech' | 'Google Text-to-Speech'

/** https://grpc.io/docs/guides/status-codes/ */
const grpc = {
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  resourceExhausted: 8,
  aborted: 10,
  internal: 13,
  unavailable: 14,
  dataLoss: 15,
  unauthenticated: 16,
} as const

/** Google says by these that it did not come to an answer. All others are its answer. */
const ambiguous = new Set<number>([
  grpc.cancelled,
  grpc.unknown,
  grpc.deadlineExceeded,
  grpc.aborted,
  grpc.internal,
  grpc.unavailable,
  grpc.dataLoss,
])
const LONGEST_DETAILS = 300

/** What a call to Google failed with, as everybody else knows failures. Recognising and synthesising change nothing: asking again does no harm. */
export function googleFailure(error: unknown, provider: GoogleProvider, operation: string): UpstreamError {
  if (error instanceof UpstreamError) return error
  const { code, details } = (error ?? {}) as { code?: unknown; details?: unknown }
  if (typeof code !== 'number') return keyFailure(error, provider, operation)
  const outcome: UpstreamFault['outcome'] = ambiguous.has(code) ? 'ambiguous' : 'refused'
  const retryable = outcome === 'ambiguous' || code === grpc.resourceExhausted
  return new UpstreamError(sentence(provider, code, details), { provider, operation, retryable, outcome, code }, { cause: error })
}

/** True where Google found fault with what it was given: not a fault of Google, nor of the key. */
export function isFaultOfInput({ fault }: UpstreamError): boolean {
  return fault.code === grpc.invalidArgument
}

export function timedOut(provider: GoogleProvider, operation: string): UpstreamError {
  return new UpstreamError(`${provider} did not answer in time.`, {
    provider,
    operation,
    retryable: true,
    outcome: 'ambiguous',
    code: grpc.deadlineExceeded,
  })
}

/** The library fails without a code where it could not even ask: the key cannot be read or used. Its own text may quote the key. */
function keyFailure(error: unknown, provider: GoogleProvider, operation: string): UpstreamError {
  const message = `The key for ${provider} cannot be used: set GOOGLE_CLOUD_KEY to the JSON of a service account's key, or GOOGLE_APPLICATION_CREDENTIALS to its file.`
  const reason = (error as NodeJS.ErrnoException | undefined)?.code
  return new UpstreamError(
    message,
    { provider, operation, retryable: false, outcome: 'refused', code: grpc.unauthenticated },
    typeof reason === 'string' ? { cause: reason } : undefined,
  )
}

function sentence(provider: GoogleProvider, code: number, details: unknown): string {
  const words = typeof details === 'string' ? details.replace(/\s+/g, ' ').trim().slice(0, LONGEST_DETAILS) : ''
  if (code === grpc.deadlineExceeded) return `${provider} did not answer in time.`
  if (code === grpc.unavailable) return `${provider} cannot be reached.`
  const what = code === grpc.resourceExhausted ? 'has no quota left' : ambiguous.has(code) ? 'failed' : 'refused'
  return words ? `${provider} ${what}: ${words}` : `${provider} ${what}.`
}
