import { UpstreamError } from '#src/kernel/errors.ts'
import type { ServiceMessage } from '#src/speech/wire.ts'

const provider = 'voice-processor'
const operation = 'transcribe'

/** The connection broke: what was being said is lost, and may be said again. */
export function lost(why: string): UpstreamError {
  const fault = { provider, operation, retryable: true, outcome: 'ambiguous' } as const
  return new UpstreamError('The connection to voice-processor was lost.', fault, { cause: why })
}

export function refused(status: number, detail?: string): UpstreamError {
  const retryable = status === 429 || status >= 500
  const fault = { provider, operation, retryable, outcome: 'refused', status } as const
  return new UpstreamError(detail ?? `voice-processor refused with ${status}.`, fault)
}

/** What it says of one utterance. */
export function failed({ detail, retryable, code }: Extract<ServiceMessage, { type: 'error' }>): UpstreamError {
  const outcome = retryable ? 'ambiguous' : 'refused'
  return new UpstreamError(detail, { provider, operation, retryable, outcome, ...(code !== undefined && { code }) })
}
