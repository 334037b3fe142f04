import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { connect } from 'node:tls'
import { isPublicAddress } from './public-address.ts'

/** What a domain presents to whoever visits it; empty where nothing could be found out. */
export interface Shaken {
  readonly endsAt?: Date
  /** Why a visitor would not trust it. */
  readonly refused?: string
}

/** Asks a domain for its certificate, on port 443, and for nothing else. Never throws. */
export type Handshake = (domain: string) => Promise<Shaken>

export interface HandshakeParts {
  readonly patienceMs?: number
  readonly resolve?: (domain: string) => Promise<readonly string[]>
  readonly isAllowed?: (address: string) => boolean
  readonly port?: number
  /** In place of those that Node trusts. */
  readonly ca?: string
}

const name = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}$/i
/** What OpenSSL and Node say of a certificate that nobody would trust; any other error says nothing about one. */
const untrusted: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has ended',
  CERT_NOT_YET_VALID: 'it has not begun',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for other names',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'nobody but itself vouches for it',
  SELF_SIGNED_CERT_IN_CHAIN: 'nobody who is known vouches for it',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'nobody who is known vouches for it',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'nobody who is known vouches for it',
  CERT_REVOKED: 'it was taken back',
}

/**
 * A name is resolved once, and only an address that is public is connected to: a domain of a project may lead anywhere, into the network that
 * Helix itself runs in as well.
 */
export function createHandshake(parts: HandshakeParts = {}): Handshake {
  const { patienceMs = 5_000, isAllowed = isPublicAddress, port = 443, ca } = parts
  const { resolve = async (domain) => (await lookup(domain, { all: true })).map(({ address }) => address) } = parts

  return async (domain) => {
    if (!name.test(domain) || isIP(domain)) return {}
    try {
      const enough = AbortSignal.timeout(patienceMs)
      const address = (await Promise.race([resolve(domain), over(enough)])).find(isAllowed)
      return address === undefined ? {} : await shake(domain, address, enough)
    } catch {
      // A name that leads nowhere presents nothing.
      return {}
    }
  }

  function shake(servername: string, host: string, enough: AbortSignal): Promise<Shaken> {
    return new Promise((done) => {
      // What is not trusted is looked at all the same: nothing is sent there.
      const socket = connect({ host, port, servername, rejectUnauthorized: false, ...(ca && { ca }) })
      const end = (shaken: Shaken) => {
        enough.removeEventListener('abort', nothing)
        socket.destroy()
        done(shaken)
      }
      const nothing = () => end({})
      enough.addEventListener('abort', nothing)
      socket.once('error', nothing)
      socket.once('close', nothing)
      socket.once('secureConnect', () => {
        const endsAt = new Date(socket.getPeerCertificate().valid_to ?? '')
        const refused = untrusted[codeOf(socket.authorizationError)]
        end({ ...(!Number.isNaN(endsAt.getTime()) && { endsAt }), ...(refused !== undefined && { refused }) })
      })
    })
  }
}

/** It is an Error in some versions of Node, and its code in others. */
function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { readonly code?: unknown }
  return String(code ?? error ?? '')
}

function over(signal: AbortSignal): Promise<readonly string[]> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve([]), { once: true }))
}
