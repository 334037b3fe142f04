import { randomUUID } from 'node:crypto'
import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock } from '#src/kernel/clock.ts'
import type { HttpCounts } from './http-counts.ts'
import type { Replica } from './replica.ts'

interface Visit {
  readonly request: IncomingMessage
  /** In the order in which they are tried. */
  readonly replicas: readonly Replica[]
  readonly counts: HttpCounts
  readonly clock: Clock
}

const badGateway = JSON.stringify({ status: 'error', code: 502, message: 'Application failed to respond' })
const badGatewayHeaders = { 'content-type': 'application/json', 'content-length': badGateway.length, connection: 'close' } as const

/**
 * One request, to the first replica that accepts. 502 where none does, or where it ends without an answer; a visitor who leaves before
 * the answer counts as 499. Both as Railway's edge has them.
 */
export async function forward(given: Visit & { readonly response: ServerResponse }): Promise<void> {
  const { request, response, replicas, counts, clock } = given
  const since = performance.now()
  response.once('close', () => counts.add(response.headersSent ? response.statusCode : 499, performance.now() - since))
  const upstream = await reach(replicas)
  if (response.destroyed) return void upstream?.destroy()
  if (!upstream) return refuse(response)

  let isAnswered = false
  const headers = headersFor(request, clock.now(), ['connection', 'keep-alive', 'expect'])
  const asked = ask({ createConnection: () => upstream, method: request.method, path: request.url, headers })
  asked.once('response', (answer) => {
    isAnswered = true
    response.writeHead(
      answer.statusCode!,
      answer.statusMessage,
      endToEnd(answer.rawHeaders, ['connection', 'keep-alive', 'transfer-encoding']),
    )
    answer.pipe(response)
    answer.once('close', () => answer.complete || response.destroy())
  })
  asked.on('error', () => isAnswered || response.destroyed || refuse(response))
  response.once('close', () => asked.destroy())
  request.pipe(asked)
}

/** A connection that becomes something else, a WebSocket: its bytes go both ways as they are. */
export async function tunnel(given: Visit & { readonly visitor: Duplex; readonly head: Buffer }): Promise<void> {
  const { request, visitor, head, replicas, counts, clock } = given
  const since = performance.now()
  visitor.on('error', () => visitor.destroy()) // a visitor who left is nobody's fault
  const upstream = await reach(replicas)
  if (!upstream) {
    counts.add(502, performance.now() - since)
    const lines = Object.entries(badGatewayHeaders).map(([name, value]) => `${name}: ${value}\r\n`)
    return void visitor.end(`HTTP/1.1 502 Bad Gateway\r\n${lines.join('')}\r\n${badGateway}`)
  }
  upstream.once('data', (bytes) => {
    const status = /^HTTP\/1\.[01] (\d{3}) /.exec(bytes.toString('latin1', 0, 16))?.[1]
    counts.add(Number(status ?? 502), performance.now() - since)
  })
  upstream.once('close', () => visitor.destroy())
  visitor.once('close', () => upstream.destroy())
  if (visitor.destroyed) return void upstream.destroy()
  upstream.write(`${request.method} ${request.url} HTTP/1.1\r\n${headLines(headersFor(request, clock.now(), []))}\r\n`)
  upstream.write(head)
  visitor.pipe(upstream).pipe(visitor)
}

/** A connection to the first that accepts one, which counts what passes it. */
async function reach(replicas: readonly Replica[]): Promise<Socket | undefined> {
  for (const { port, traffic } of replicas) {
    const socket = port === undefined ? undefined : await connected(port)
    if (!socket) continue
    let [received, sent] = [0, 0]
    const count = () => {
      traffic.received += socket.bytesWritten - received
      traffic.sent += socket.bytesRead - sent
      ;[received, sent] = [socket.bytesWritten, socket.bytesRead]
    }
    return socket.on('data', count).once('close', count)
  }
  return undefined
}

function connected(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true })
    socket.once('connect', () => resolve(socket))
    socket.on('error', () => resolve(undefined)) // refused; later, who uses it is told by its closing
  })
}

function refuse(response: ServerResponse): void {
  response.writeHead(502, badGatewayHeaders).end(badGateway)
}

/** The visitor's own, and what Railway's edge adds. https://docs.railway.com/networking/public-networking/specs-and-limits */
function headersFor({ rawHeaders, socket, headers }: IncomingMessage, now: Date, without: readonly string[]): string[] {
  const address = socket.remoteAddress ?? ''
  const added = {
    'X-Real-IP': address,
    'X-Forwarded-For': [headers['x-forwarded-for'], address].filter(Boolean).join(', '),
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Host': headers.host ?? '',
    'X-Railway-Edge': 'railway/playground',
    'X-Request-Start': String(now.getTime()),
    'X-Railway-Request-Id': randomUUID(),
  }
  const replaced = Object.keys(added).map((name) => name.toLowerCase())
  return [...endToEnd(rawHeaders, [...without, ...replaced]), ...Object.entries(added).flat()]
}

/** Names and values in turn, as they came, without some. */
function endToEnd(raw: readonly string[], without: readonly string[]): string[] {
  return raw.filter((_, index) => !without.includes(raw[index - (index % 2)]!.toLowerCase()))
}

function headLines(headers: readonly string[]): string {
  return headers.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('')
}
