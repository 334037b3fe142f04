import type { IncomingMessage } from 'node:http'

const names = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * Whether a request may be answered: the server is bound to loopback, but a web page of anyone can have its own name point there
 * (DNS rebinding: the Host header tells), or send requests across origins (the Origin header tells).
 */
export function isLocal({ headers: { host, origin } }: Pick<IncomingMessage, 'headers'>): boolean {
  if (!host || !URL.canParse(`http://${host}`) || !names.has(new URL(`http://${host}`).hostname)) return false
  return origin === undefined || origin === `http://${host}`
}
