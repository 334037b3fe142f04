import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildSchema, execute, type GraphQLSchema, graphql, parse, subscribe, validate } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'

/** One request as it came in. */
export interface Seen {
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly operationName: string
  readonly variables: Record<string, unknown>
}

/** Answers one request in place of GraphQL. */
export type Fault = (response: ServerResponse, request: IncomingMessage) => void

export type Answers = Record<string, (variables: never) => unknown>

/** A GraphQL server over the emulated Railway's schema, with the answers and streams that a test gives it, on a free port. */
export async function graphqlServer(answers: Answers, streams: Record<string, (variables: never) => AsyncIterable<unknown>> = {}) {
  const schema = buildSchema(readFileSync(new URL('../../../playground/railway/schema.graphql', import.meta.url), 'utf8'))
  const seen: Seen[] = []
  const upgrades: { readonly url: string; readonly headers: IncomingHttpHeaders }[] = []
  const faults: Fault[] = []
  const headers: Record<string, string> = {}
  const server = createServer((request, response) => void answer(request, response))
  let refusing = false
  const sockets = new WebSocketServer({ server, verifyClient: () => !refusing })
  sockets.on('connection', (_, request) => upgrades.push({ url: request.url ?? '', headers: request.headers }))
  const disposable = useServer({ schema, parse, validate, execute, subscribe, roots: { subscription: streams } }, sockets)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await textOf(request))
    seen.push({ url: request.url ?? '', headers: request.headers, operationName: body.operationName, variables: body.variables })
    const fault = faults.shift()
    if (fault) return fault(response, request)
    const result = await run(schema, body, answers)
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(result))
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql/v2`,
    seen,
    upgrades,
    faults,
    headers,
    refuseUpgrades: () => {
      refusing = true
    },
    /** Cuts every subscription, as a proxy that restarts would. */
    cut: () => {
      for (const socket of sockets.clients) socket.terminate()
    },
    close: async () => {
      for (const socket of sockets.clients) socket.terminate()
      await disposable.dispose()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function run(schema: GraphQLSchema, body: { query: string; variables: Record<string, unknown> }, rootValue: Answers) {
  return graphql({ schema, source: body.query, variableValues: body.variables, rootValue })
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

export const fault = {
  status:
    (status: number, body = '', headers: Record<string, string> = {}): Fault =>
    (response) =>
      void response.writeHead(status, { 'content-type': body.startsWith('<') ? 'text/html' : 'application/json', ...headers }).end(body),
  /** Never answers. */
  hang: (() => {}) satisfies Fault,
  /** Breaks off in the middle of the answer. */
  cut: ((response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
    response.write('{"data":', () => response.destroy())
  }) satisfies Fault,
  errors: (message: string, extensions: object = {}): Fault =>
    fault.status(200, JSON.stringify({ data: null, errors: [{ message, extensions }] })),
}
