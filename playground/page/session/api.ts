import type { ApplicationCommand, Message } from '#playground/page/wire.ts'

/** What the server refused, in words for people. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export interface Api {
  gatewayUrl(): Promise<string>
  messages(channel: string, options: { readonly limit: number; readonly before?: string }): Promise<readonly Message[]>
  send(channel: string, content: string, nonce: string): Promise<Message>
  commands(guild: string): Promise<readonly ApplicationCommand[]>
  interact(body: Readonly<Record<string, unknown>>): Promise<void>
  /** Says words as that account in the voice channel in which it is. Resolves when they were said. */
  speak(account: string, words: string): Promise<void>
  state(): Promise<unknown>
  faults(): Promise<unknown>
  inject(body: Readonly<Record<string, unknown>>): Promise<unknown>
  setVisitors(body: { readonly service: string; readonly environment: string; readonly perSecond: number }): Promise<unknown>
  setPublisher(body: Readonly<Record<string, unknown>>): Promise<unknown>
  publish(body: Readonly<Record<string, unknown>>): Promise<{ readonly published: number; readonly hearers: number }>
}

/** The playground's own server, as the user whose token this is. Every call throws Refused, or TypeError where the server is away. */
export function createApi(origin: string, token: string): Api {
  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    const headers = { authorization: token, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
    const response = await fetch(new URL(path, origin), { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    const text = await response.text()
    if (!response.ok) throw new Refused(response.status, refusalOf(response.status, text))
    return text === '' ? undefined : JSON.parse(text)
  }

  return {
    async gatewayUrl() {
      const { url } = (await call('GET', '/api/v9/gateway')) as { url: string }
      const address = new URL(url)
      // Everything is on one port, and the page may stand behind a forwarded one: what the reader's browser reached, it reaches again.
      address.host = new URL(origin).host
      address.protocol = new URL(origin).protocol === 'https:' ? 'wss:' : 'ws:'
      address.search = '?v=9&encoding=json'
      return address.href
    },
    async messages(channel, { limit, before }) {
      const query = new URLSearchParams({ limit: String(limit), ...(before ? { before } : {}) })
      return (await call('GET', `/api/v9/channels/${channel}/messages?${query}`)) as Message[]
    },
    async send(channel, content, nonce) {
      return (await call('POST', `/api/v9/channels/${channel}/messages`, { content, nonce })) as Message
    },
    async commands(guild) {
      const index = (await call('GET', `/api/v9/guilds/${guild}/application-command-index`)) as {
        application_commands: ApplicationCommand[]
      }
      return index.application_commands
    },
    async interact(body) {
      await call('POST', '/api/v9/interactions', body)
    },
    async speak(account, words) {
      await call('POST', '/playground/voice/speak', { account, words })
    },
    state: () => call('GET', '/playground/state'),
    faults: () => call('GET', '/playground/faults'),
    inject: (body) => call('POST', '/playground/faults', body),
    setVisitors: (body) => call('POST', '/playground/visitors', body),
    setPublisher: (body) => call('POST', '/playground/publishers', body),
    publish: async (body) => (await call('POST', '/playground/publish', body)) as { published: number; hearers: number },
  }
}

function refusalOf(status: number, text: string): string {
  try {
    const { message, error } = JSON.parse(text) as { message?: string; error?: string }
    return message ?? error ?? `The server answered ${status}.`
  } catch {
    // Not JSON, so there is nothing in it to show.
    return `The server answered ${status}.`
  }
}
