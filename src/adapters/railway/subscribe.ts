import { ReadableStream } from 'node:stream/web'
import type { TadaDocumentNode } from 'gql.tada'
import { print } from 'graphql'
import { type Client, createClient } from 'graphql-ws'
import WebSocket from 'ws'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { type Asked, refused } from './faults.ts'
import { headersOf, type RailwayOptions, urlFor } from './options.ts'
import { askedBy } from './request.ts'

/**
 * The events of one subscription, on a socket of its own, until the signal aborts or Railway completes it (which says nothing about
 * what it is about: subscribe again). Throws UpstreamError where the socket cannot be had or is lost. Reconnecting is the caller's.
 */
export type Subscribe = <Data, Variables extends object>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
  signal: AbortSignal,
) => AsyncIterable<Data>

type SocketClass = new (address: string | URL, protocols?: string | string[]) => WebSocket

const handshakeMs = 5000
const pingEveryMs = 15_000
const pongWithinMs = 10_000

export function createSubscribe(options: RailwayOptions): Subscribe {
  const Socket = socketWith(headersOf(options))
  return (document, variables, signal) => {
    const asked = askedBy(document)
    const url = urlFor(options.url.replace(/^http/, 'ws'), asked.name)
    const client = connect(url, Socket, options.clock)
    return eventsOf(
      client,
      { query: print(document), operationName: asked.name, variables: { ...variables } as Record<string, unknown> },
      asked,
      signal,
    )
  }
}

/** Railway reads the token from the upgrade request; `connection_init` carries nothing. */
function socketWith(headers: Record<string, string>): SocketClass {
  return class extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, { headers, handshakeTimeout: handshakeMs })
    }
  }
}

/** A socket that stops answering pings is given up, or a cable that was pulled would look like silence. */
function connect(url: string, webSocketImpl: SocketClass, clock: Clock): Client {
  let answered = new AbortController()
  const client = createClient({
    url,
    webSocketImpl,
    retryAttempts: 0,
    connectionAckWaitTimeout: handshakeMs,
    keepAlive: pingEveryMs,
    on: {
      ping: (received) => {
        if (received) return
        const { signal } = answered
        void clock.sleep(pongWithinMs, signal).then(() => signal.aborted || client.terminate())
      },
      pong: (received) => {
        if (!received) return
        answered.abort()
        answered = new AbortController()
      },
      closed: () => answered.abort(),
    },
  })
  return client
}

type Payload = Parameters<Client['subscribe']>[0]

function eventsOf<Data>(client: Client, payload: Payload, asked: Asked, signal: AbortSignal): AsyncIterable<Data> {
  let stop = () => {}
  let cancel = () => {}
  return new ReadableStream<Data>({
    start: (events) => {
      let over = false
      const end = (finish: () => void) => {
        if (over) return
        over = true
        signal.removeEventListener('abort', stop)
        finish()
        unsubscribe()
      }
      const unsubscribe = client.subscribe<Data>(payload, {
        next: ({ data, errors }) => {
          if (over) return
          if (data) events.enqueue(data)
          else end(() => events.error(refused(errors?.[0] ?? { message: 'no data' }, asked)))
        },
        error: (error) => end(() => events.error(lost(error, asked))),
        complete: () => end(() => events.close()),
      })
      stop = () => end(() => events.close())
      cancel = () => end(() => {})
      signal.addEventListener('abort', stop, { once: true })
      if (signal.aborted) stop()
    },
    cancel: () => cancel(),
  })
}

/** graphql-ws ends with GraphQL's errors, a close event, or an error of the socket. */
function lost(error: unknown, asked: Asked): UpstreamError {
  if (Array.isArray(error) && typeof error[0]?.message === 'string') return refused(error[0], asked)
  const { code } = (error ?? {}) as { code?: unknown }
  return new UpstreamError(`The stream from Railway was lost${typeof code === 'number' ? ` (WebSocket ${code})` : ''}.`, {
    provider: 'Railway',
    operation: asked.field,
    retryable: true,
    readOnly: true,
    outcome: 'ambiguous',
  })
}
