import { readFile } from 'node:fs/promises'
import type { v1 } from '@google-cloud/speech'
import type { Clock } from '#src/kernel/clock.ts'
import type { GoogleAccess, GoogleKey } from './google-access.ts'
import { type GoogleProvider, googleFailure } from './google-failure.ts'
import { readServiceAccount } from './service-account.ts'

/** The same for every client of Google's libraries. */
type Options = NonNullable<ConstructorParameters<typeof v1.SpeechClient>[0]>

/** What every client of Google's libraries has. */
interface ClientOfGoogle {
  initialize(): Promise<unknown>
  close(): Promise<void>
  readonly auth: { getRequestHeaders(url?: string): Promise<Headers> }
}

export interface Ready<Client> {
  readonly client: Client
  /** To go with every call (`otherArgs`). */
  readonly headers: Readonly<Record<string, string>>
}

export interface GoogleClient<Client> {
  /** Loads the library at the first use (126 ms, 54 MB). Throws UpstreamError where the key cannot be used; the next call tries again. */
  ready(): Promise<Ready<Client>>
  close(): Promise<void>
}

export interface GoogleClientDeps<Client> {
  readonly provider: GoogleProvider
  readonly access: GoogleAccess
  readonly clock: Clock
  /** Host of the API where `access` names none; undefined: the library's own. */
  readonly host?: string | undefined
  /** Imports the library and makes its client. */
  create(options: Options): Promise<Client>
}

export function createGoogleClient<Client extends ClientOfGoogle>(deps: GoogleClientDeps<Client>): GoogleClient<Client> {
  const { provider, access, clock } = deps
  let opening: Promise<Client> | undefined

  async function open(): Promise<Client> {
    const client = await deps.create({ ...(await placeOf(deps)), ...(await identityOf(access.key, clock)), fallback: false })
    // Left to the first call, a failure would be thrown where nobody can catch it, and stay for ever.
    await client.initialize()
    return client
  }

  return {
    async ready() {
      opening ??= open()
      try {
        const client = await opening
        return { client, headers: access.endpoint?.plaintext ? await headersOf(client) : {} }
      } catch (error) {
        opening = undefined
        throw googleFailure(error, provider, 'authenticate')
      }
    },
    async close() {
      const client = await opening?.catch(() => undefined) // None came about: there is nothing to close.
      await client?.close()
    },
  }
}

/** gRPC sends no credentials over a connection without TLS: there they go with each call, so that an emulator sees what Google would. */
async function headersOf({ auth }: ClientOfGoogle): Promise<Record<string, string>> {
  return Object.fromEntries(await auth.getRequestHeaders())
}

async function placeOf({ access: { endpoint }, host }: Pick<GoogleClientDeps<unknown>, 'access' | 'host'>): Promise<Options> {
  if (!endpoint) return host === undefined ? {} : { apiEndpoint: host }
  const { host: apiEndpoint, port, plaintext } = endpoint
  if (!plaintext) return { apiEndpoint, port }
  const { credentials } = await import('@grpc/grpc-js')
  return { apiEndpoint, port, sslCreds: credentials.createInsecure() }
}

/**
 * A service account speaks for itself. The library would do the same, but warns of every key that it is handed, and looks for the
 * metadata server of a machine at Google first. Other kinds of key files are left to it.
 */
async function identityOf(key: GoogleKey, clock: Clock): Promise<Options> {
  const account = readServiceAccount('json' in key ? key.json : await readFile(key.file, 'utf8'), clock)
  if (!account) return 'file' in key ? { keyFilename: key.file } : {}
  // Its type has some thirty members more, which serve other kinds of keys.
  const authClient = account as unknown as NonNullable<Options['authClient']>
  return { authClient, ...(account.projectId !== undefined && { projectId: account.projectId }) }
}
