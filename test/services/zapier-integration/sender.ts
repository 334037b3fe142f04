import { createHmac } from 'node:crypto'
import { Agent, request } from 'node:http'

export interface Answered {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever came over the wire
  readonly body: any
}

export type Send = (body: string, headers?: Readonly<Record<string, string>>) => Promise<Answered>

/** What Zapier does, by itself: signs a body as its documentation says, and posts it. Connections are kept. */
export function createSender(url: string, secret: string, sockets = 64): { send: Send; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets })
  const { hostname, port } = new URL(url)
  return {
    send: (body, more = {}) =>
      new Promise((resolve, reject) => {
        const headers = {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'x-zapier-event': 'load.test',
          'x-zapier-signature': hex(secret, body),
          ...more,
        }
        const asked = request({ hostname, port, path: '/webhook/zapier', method: 'POST', agent, headers }, (answer) => {
          let text = ''
          answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text === '' ? undefined : JSON.parse(text) }))
          answer.on('error', reject)
        })
        asked.on('error', reject)
        asked.end(body)
      }),
    close: () => agent.destroy(),
  }
}

export function hex(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex')
}

/** The headers of the better form. */
export function timestamped(secret: string, body: string, at: Date): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at.getTime() / 1_000))
  return { 'x-zapier-timestamp': timestamp, 'x-zapier-signature': `v1=${hex(secret, `${timestamp}.${body}`)}` }
}
