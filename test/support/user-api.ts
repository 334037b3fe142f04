/** Discord's client API refused the request. */
export class ClientApiError extends Error {
  override readonly name = 'ClientApiError'
  readonly status: number
  readonly body: { readonly code?: number; readonly message?: string; readonly errors?: unknown }
  constructor(what: string, status: number, body: ClientApiError['body']) {
    super(`${what}: ${status} ${JSON.stringify(body)}`)
    this.status = status
    this.body = body
  }
}

/** A request of the client API, `/users/@me`. Throws ClientApiError. */
export type UserApi = <Answer>(method: string, path: string, body?: unknown) => Promise<Answer>

export function createUserApi(url: string, token: string): UserApi {
  return async <Answer>(method: string, path: string, body?: unknown) => {
    const response = await fetch(`${url}/api/v9${path}`, {
      method,
      headers: { authorization: token, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new ClientApiError(`${method} ${path}`, response.status, text ? JSON.parse(text) : {})
    return (text ? JSON.parse(text) : undefined) as Answer
  }
}
