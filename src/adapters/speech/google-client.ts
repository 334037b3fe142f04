import type { v1 } from '@google-cloud/speech'
import { credentials } from '@grpc/grpc-js'
import type { GoogleAccess, GoogleKey } from './google-access.ts'
import { type GoogleProvider, googleFailure } from './google-failure.ts'

/** The same for every client of Google's libraries. */
type Options = NonNullable<ConstructorParameters<typeof v1.SpeechClient>[0]>

/** What every client of Google's libraries has. */
interface ClientOfGoogle {
  initialize(): Promise<unknown>
  close(): Promise<void>
  getProjectId(): Promise<string>
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
  /** Host of the API where `access` names none; undefined: the library's own. */
  readonly host?: string | undefined
  /** Imports the library and makes its client. */
  create(options: Options): Promise<Client>
}

export function createGoogleClient<Client extends ClientOfGoogle>(deps: GoogleClientDeps<Client>): GoogleClient<Client> {
  const { provider, access } = deps
  let opening: Promise<Client> | undefined

  async function open(): Promise<Client> {
    const client = await deps.create(optionsOf(deps))
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
      const client = await opening?.catch(() => undefined)
      await client?.close()
    },
  }
}

/** gRPC sends no credentials over a connection without TLS: there they go with each call, so that an emulator sees what Google would. */
async function headersOf({ auth }: ClientOfGoogle): Promise<Record<string, string>> {
  return Object.fromEntries(await auth.getRequestHeaders())
}

function optionsOf({ access: { key, endpoint }, host }: Omit<GoogleClientDeps<unknown>, 'create'>): Options {
  const place = endpoint
    ? { apiEndpoint: endpoint.host, port: endpoint.port, ...(endpoint.plaintext && { sslCreds: credentials.createInsecure() }) }
    : host === undefined
      ? {}
      : { apiEndpoint: host }
  return { ...place, ...keyOptions(key), fallback: false }
}

function keyOptions({ json, file }: GoogleKey): Options {
  if (json === undefined) return file === undefined ? {} : { keyFilename: file }
  const { client_email, private_key, project_id } = JSON.parse(json)
  return { credentials: { client_email, private_key }, projectId: project_id }
}
