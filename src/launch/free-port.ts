import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/**
 * Below what systems hand out for connections (Linux: from 32,768 on, IANA: from 49,152 on), where the port would soon be somebody's:
 * RFC 6335, section 6.
 */
const RANGE = [20_000, 32_000] as const
const TRIES = 20

/** A loopback port that nothing listens on at this moment. Another process may take it before the caller does: try again then. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = await listened(randomInt(...RANGE)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') return undefined
      throw error
    })
    if (port !== undefined) return port
  }
  return listened(0)
}

async function listened(wanted: number): Promise<number> {
  const server = createServer().listen(wanted, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
