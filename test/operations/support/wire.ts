import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UpstreamError, type UpstreamFault } from '#src/kernel/errors.ts'

type Methods = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>

/** Objects of this process, to be called from others over HTTP. A call whose caller died goes on here, as at a real provider. */
export async function serve(objects: Readonly<Record<string, object>>): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const [, name = '', method = ''] = (request.url ?? '').split('/')
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const args = JSON.parse(Buffer.concat(parts).toString(), revive) as never[]
      const called = Promise.resolve().then(() => (objects[name] as Methods)[method]!(...args))
      called.then(
        (answer) => response.end(JSON.stringify({ answer })),
        (error: Error) =>
          response.end(JSON.stringify({ error: error.message, ...(error instanceof UpstreamError && { fault: error.fault }) })),
      )
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** The other end: every method is a call over the wire. */
export function remote<Type extends object>(url: string, name: string, local: Partial<Type> = {}): Type {
  return new Proxy(local, {
    get: (_, method) =>
      typeof method === 'string' && method !== 'then'
        ? (local[method as keyof Type] ?? ((...args: unknown[]) => call(url, name, method, args)))
        : undefined,
  }) as Type
}

async function call(url: string, name: string, method: string, args: unknown[]): Promise<unknown> {
  const response = await fetch(`${url}/${name}/${method}`, { method: 'POST', body: JSON.stringify(args) }).catch((error: Error) => {
    throw new UpstreamError(error.message, { provider: name, operation: method, retryable: true, outcome: 'ambiguous' })
  })
  const { answer, error, fault } = JSON.parse(await response.text(), revive) as { answer: unknown; error?: string; fault?: UpstreamFault }
  if (error !== undefined) throw fault ? new UpstreamError(error, fault) : new Error(error)
  return answer
}

function revive(_name: string, value: unknown): unknown {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? new Date(value) : value
}
