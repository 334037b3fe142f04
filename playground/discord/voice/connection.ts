import type { RawData, WebSocket } from 'ws'
import type { Clock } from '#src/kernel/clock.ts'
import { readJson } from '#src/kernel/read-json.ts'
import type { VoiceClient } from './client.ts'
import { type TransportMode, transportModes } from './transport.ts'
import { type CloseCode, closeReasons, frame, heartbeat, type Identify, identify, op, type Resume, resume, selectProtocol } from './wire.ts'

export interface ConnectionDeps {
  readonly wire: Clock
  readonly heartbeatMs: number
  /** Op 0. The client, or why not. */
  identify(asked: Identify): VoiceClient | CloseCode
  /** Op 7. */
  resume(asked: Resume): VoiceClient | CloseCode
  /** Op 2 is to be sent. */
  greet(client: VoiceClient): void
  /** Op 1: the mode is one that was offered. */
  select(client: VoiceClient, mode: TransportMode): void
  /** Any other operation; false: there is no such operation, or it cannot be read. */
  operate(client: VoiceClient, op: number, body: unknown): boolean
  /** The socket is gone. `gaveUp`: the client closed it for good. */
  onClose(client: VoiceClient, gaveUp: boolean): void
}

/** Speaks voice gateway v8 with one client: https://docs.discord.com/developers/topics/voice-connections */
export function serveVoiceConnection(socket: WebSocket, deps: ConnectionDeps): void {
  const { wire, heartbeatMs } = deps
  let client: VoiceClient | undefined
  let beat = new AbortController()
  let closedHere = false

  const line = {
    send: (payload: string | Buffer) => {
      if (socket.readyState === socket.OPEN) socket.send(payload)
    },
    close(code: CloseCode | 'cut') {
      closedHere = true
      if (code === 'cut') socket.terminate()
      else socket.close(code, closeReasons[code])
    },
  }

  function awaitBeat(): void {
    beat.abort()
    const waiting = new AbortController()
    beat = waiting
    void wire.sleep(heartbeatMs * 1.5, waiting.signal).then(() => {
      if (!waiting.signal.aborted) line.close(4009)
    })
  }

  function adopt(found: VoiceClient | CloseCode): VoiceClient | undefined {
    if (typeof found === 'number') {
      line.close(found)
      return undefined
    }
    client = found
    client.attach(line)
    return client
  }

  function begin(operation: number, d: unknown) {
    if (client) return line.close(4005)
    if (operation === op.identify) {
      const asked = identify.safeParse(d)
      const found = asked.success ? adopt(deps.identify(asked.data)) : line.close(4002)
      if (found) deps.greet(found)
      return
    }
    const asked = resume.safeParse(d)
    if (!asked.success) return line.close(4002)
    const found = adopt(deps.resume(asked.data))
    if (!found) return
    found.tell(op.resumed, null)
    if (!found.replay(asked.data.seq_ack)) line.close(4006)
  }

  function keepAlive(d: unknown) {
    const read = heartbeat.safeParse(d)
    if (!read.success) return line.close(4020)
    awaitBeat()
    client?.acknowledge(read.data.seq_ack)
    line.send(JSON.stringify({ op: op.heartbeatAck, d: { t: read.data.t } }))
  }

  function choose(known: VoiceClient, d: unknown) {
    const read = selectProtocol.safeParse(d)
    if (!read.success) return line.close(4002)
    if (read.data.protocol !== 'udp') return line.close(4012)
    const mode = transportModes.find((each) => each === read.data.data.mode)
    if (!mode) return line.close(4016)
    deps.select(known, mode)
  }

  function read(data: RawData, binary: boolean) {
    const bytes = Buffer.isBuffer(data) ? data : Buffer.concat([data].flat() as Uint8Array[])
    const said = binary ? { op: bytes[0] ?? -1, d: bytes.subarray(1) } : parsed(bytes)
    if (!said) return line.close(4002)
    if (said.op === op.heartbeat) return keepAlive(said.d)
    if (said.op === op.identify || said.op === op.resume) return begin(said.op, said.d)
    if (!client) return line.close(4003)
    if (said.op === op.selectProtocol) return choose(client, said.d)
    if (!deps.operate(client, said.op, said.d)) line.close(4001)
  }

  socket.on('message', read)
  socket.on('error', () => socket.terminate()) // A frame that is too long or malformed; the close is what counts.
  socket.on('close', (code) => {
    beat.abort()
    if (!client || client.line !== line) return
    client.attach(undefined)
    deps.onClose(client, !closedHere && code === 1000)
  })
  awaitBeat()
  line.send(JSON.stringify({ op: op.hello, d: { v: 8, heartbeat_interval: heartbeatMs } }))
}

/** Undefined where it is none: told to the client by close code 4002. */
function parsed(bytes: Buffer): { readonly op: number; readonly d?: unknown } | undefined {
  return frame.safeParse(readJson(bytes.toString())).data
}
