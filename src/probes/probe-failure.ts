import type { Trouble } from './probe.ts'

/** Why a probe saw nothing good. The message is a plain sentence and quotes neither a token nor a body. */
export class ProbeFailure extends Error {
  override readonly name = 'ProbeFailure'
  readonly trouble: Trouble
  constructor(trouble: Trouble, message: string) {
    super(message)
    this.trouble = trouble
  }
}

/** Whatever fetch or ws threw, as what stands in the way. `late`: the probe's own time was over. */
export function failureOf(error: unknown, late: boolean): ProbeFailure {
  if (error instanceof ProbeFailure) return error
  if (late) return new ProbeFailure('no answer in time', 'It did not answer in time.')
  const code = codeOf(error)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new ProbeFailure('name not found', 'Its name is not known to DNS.')
  if (code === 'ECONNREFUSED') return new ProbeFailure('connection refused', 'Nothing listens at its address: the connection was refused.')
  if (code && TLS.test(code)) return new ProbeFailure('TLS', `No secure connection could be made (${code}).`)
  return new ProbeFailure('connection lost', `The connection was lost before it answered${code ? ` (${code})` : ''}.`)
}

/** What an HTTP status other than the wanted one means. */
export function statusFailure(status: number, path: string): ProbeFailure {
  if (status === 401) return new ProbeFailure('not authorised', `${path} refused the token (401): both sides need the same secret.`)
  if (status === 403) return new ProbeFailure('not authorised', `${path} took the token, but it may not do this (403).`)
  if (status === 404) return new ProbeFailure('nothing there', `It has no ${path} (404): the address may be another service's.`)
  if (status === 429) return new ProbeFailure('slow down', `${path} asks to be left alone for a while (429).`)
  if (status >= 500) return new ProbeFailure('its own error', `${path} answered with an error of its own (${status}).`)
  return new ProbeFailure('unexpected answer', `${path} answered ${status}.`)
}

/** Node's and OpenSSL's names of what goes wrong with certificates and handshakes. https://nodejs.org/api/errors.html */
const TLS = /^(ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|EPROTO|HOSTNAME_MISMATCH)/

function codeOf(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { readonly code?: unknown; readonly cause?: unknown }
  if (typeof code === 'string') return code
  return cause ? codeOf(cause) : undefined
}
