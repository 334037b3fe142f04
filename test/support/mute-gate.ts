import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to a store on which, as with a store that hangs, connections are taken and nothing is answered while it is hushed. */
export interface MuteGate {
  /** The address given, by this way. */
  readonly url: string
  hush(): void
  /** What was sent meanwhile arrives now. */
  resume(): void
  close(): void
}

export async function muteGate(target: string): Promise<MuteGate> {
  const there = new URL(target)
  const open = new Set<Socket>()
  let hushed = false
  const server = createServer((socket) => {
    const onward = connect(Number(there.port), there.hostname)
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      open.add(from)
      from.on('data', (bytes) => void to.write(bytes))
      from.on('error', () => to.destroy())
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
      if (hushed) from.pause()
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    hush() {
      hushed = true
      for (const socket of open) socket.pause()
    },
    resume() {
      hushed = false
      for (const socket of open) socket.resume()
    },
    close() {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}
