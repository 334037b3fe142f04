import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'

/** Where a client's datagrams come from and go to. */
export interface Remote {
  readonly address: string
  readonly port: number
}

export interface UdpPort {
  readonly port: number
  send(datagram: Buffer, to: Remote): void
  close(): void
}

export interface UdpPortDeps {
  /** A client that asked for its own address: https://docs.discord.com/developers/topics/voice-connections#ip-discovery */
  onDiscovery(ssrc: number, remote: Remote): void
  onDatagram(datagram: Buffer, remote: Remote): void
}

const DISCOVERY_BYTES = 74
const REQUEST = 1
const RESPONSE = 2
const KEEP_ALIVE_BYTES = 8

/** The UDP half of the voice server, on loopback. */
export async function openUdpPort({ onDiscovery, onDatagram }: UdpPortDeps): Promise<UdpPort> {
  const socket = createSocket('udp4')
  const send = (datagram: Buffer, { address, port }: Remote) => socket.send(datagram, port, address, () => {}) // Lost, as datagrams may be.

  socket.on('message', (datagram: Buffer, { address, port }: RemoteInfo) => {
    const remote = { address, port }
    if (datagram.length === DISCOVERY_BYTES && datagram.readUInt16BE(0) === REQUEST) {
      onDiscovery(datagram.readUInt32BE(4), remote)
      return send(discovered(datagram, remote), remote)
    }
    if (datagram.length === KEEP_ALIVE_BYTES) return send(datagram, remote)
    onDatagram(datagram, remote)
  })
  socket.on('error', () => {}) // What could not be delivered to a client that is gone.
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return { port: socket.address().port, send, close: () => void socket.close() }
}

function discovered(request: Buffer, { address, port }: Remote): Buffer {
  const answer = Buffer.alloc(DISCOVERY_BYTES)
  answer.writeUInt16BE(RESPONSE, 0)
  answer.writeUInt16BE(DISCOVERY_BYTES - 4, 2)
  request.copy(answer, 4, 4, 8)
  answer.write(address, 8, 'latin1')
  answer.writeUInt16BE(port, DISCOVERY_BYTES - 2)
  return answer
}
