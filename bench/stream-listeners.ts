import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/**
 * A process full of WebSocket clients that only count: a frame's header is read, and the time that its message begins with. They cost a
 * fraction of what they measure. Asked `report`, it answers `{count, latencies}`: how many had which latency, in ms, since the last time.
 */
const [url = '', many = '0', token = ''] = process.argv.slice(2)
const { hostname, port } = new URL(url)
/** `{"sent":` stands before the time. */
const TIME_AT = 8
const TIME_LENGTH = 16
const LONGEST_MS = 10_000

let count = 0
let latencies = new Uint32Array(LONGEST_MS + 1)
const now = () => performance.timeOrigin + performance.now()

for (let opened = 0; opened < Number(many); opened += 1) await open(opened)
process.on('message', () => {
  process.send?.({ count, latencies: [...latencies.entries()].filter(([, number]) => number > 0) })
  latencies = new Uint32Array(LONGEST_MS + 1)
})
process.send?.('ready')

async function open(index: number): Promise<void> {
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  socket.write(
    [
      `GET /ws/consciousness?client_id=${process.pid}-${index} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      `Authorization: Bearer ${token}`,
      '\r\n',
    ].join('\r\n'),
  )
  const [answer] = await once(socket, 'data')
  if (!String(answer).startsWith('HTTP/1.1 101')) throw new Error(`no WebSocket: ${String(answer).slice(0, 200)}`)
  if (process.env.STALLED) socket.pause()
  else listen(socket)
}

function listen(socket: Socket): void {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('error', () => {})
  socket.on('data', (chunk: Buffer) => {
    let bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    const arrived = now()
    for (let length = frameLength(bytes); length <= bytes.length; length = frameLength(bytes)) {
      take(bytes, arrived)
      bytes = bytes.subarray(length)
    }
    rest = bytes
  })
}

/** Infinity while not even the header is there. */
function frameLength(bytes: Buffer): number {
  if (bytes.length < 4) return Number.POSITIVE_INFINITY
  return bytes[1] === 126 ? 4 + bytes.readUInt16BE(2) : 2 + bytes[1]!
}

function take(bytes: Buffer, arrived: number): void {
  if (bytes[0] !== 0x81) return // A ping.
  count += 1
  const sent = Number(bytes.toString('latin1', 4 + TIME_AT, 4 + TIME_AT + TIME_LENGTH))
  const latency = Math.min(LONGEST_MS, Math.max(0, Math.round(arrived - sent)))
  latencies[latency]! += 1
}
