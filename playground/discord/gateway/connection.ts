import type { RawData, WebSocket } from 'ws'
import type { Clock } from '#src/kernel/clock.ts'
import { readJson } from '#src/kernel/read-json.ts'
import type { Line, Session, Sessions } from './sessions.ts'

export interface ConnectionDeps {
  readonly wire: Clock
  readonly sessions: Sessions
  readonly heartbeatMs: number
  /** Op 2. Opens the session and greets it, or gives the close code; undefined: try again later (op 9). */
  identify(d: Readonly<Record<string, unknown>>, line: Line): Session | number | undefined
  /** Any other operation of an identified session; false: there is no such operation. */
  operate(session: Session, op: number, d: unknown): boolean
  /** A missing heartbeat closes the connection after 1.5 intervals. */
  readonly onClose: (line: Line) => void
}

const perMinute = 120

/** Speaks gateway v10 with one client: https://docs.discord.com/developers/events/gateway */
export function serveConnection(socket: WebSocket, { wire, sessions, heartbeatMs, identify, operate, onClose }: ConnectionDeps): Line {
  let session: Session | undefined
  let muted = false
  let beat = new AbortController()
  const received: number[] = []
  /** The code with which this side closed. */
  let closedWith: number | 'cut' | undefined

  const line: Line = {
    send: (frame) => {
      if (!muted && socket.readyState === socket.OPEN) socket.send(frame)
    },
    close: (code, reason) => {
      closedWith ??= code
      if (code === 'cut') socket.terminate()
      else socket.close(code, reason)
    },
    say: (op, d) => {
      line.send(JSON.stringify({ op, d, s: null, t: null }))
      // An invalid session may be taken up again, or another begun, on the same connection.
      if (op === 9 && session) sessions.detach(session, line)
      if (op === 9) session = undefined
    },
    mute: (on) => {
      muted = on
    },
  }
  const awaitBeat = () => {
    beat.abort()
    const waiting = new AbortController()
    beat = waiting
    void wire.sleep(heartbeatMs * 1.5, waiting.signal).then(() => {
      if (!waiting.signal.aborted && !muted) line.close(4009, 'Session timed out')
    })
  }
  const resume = (d: Readonly<Record<string, unknown>>) => {
    const found = sessions.resume(String(d.session_id), bare(d.token), Number(d.seq), line)
    if (found === 'sequence') return line.close(4007, 'Invalid seq')
    if (found === 'unknown') return line.say(9, false)
    session = found
  }
  const read = (data: RawData) => {
    const frame = parse(String(data))
    if (!frame || String(data).length > 4096) return line.close(4002, 'Error while decoding payload')
    const now = wire.now().getTime()
    while (received.length > 0 && (received[0] ?? 0) <= now - 60_000) received.shift()
    if (received.push(now) > perMinute) return line.close(4008, 'You are being rate limited')
    const { op, d } = frame
    if (op === 1) {
      awaitBeat()
      return line.say(11, null)
    }
    const body = (d ?? {}) as Readonly<Record<string, unknown>>
    if (op === 2) {
      if (session) return line.close(4005, 'Already authenticated')
      const opened = identify({ ...body, token: bare(body.token) }, line)
      if (typeof opened === 'number') return line.close(opened, closeReasons[opened])
      if (!opened) return line.say(9, false)
      session = opened
      return
    }
    if (op === 6) return session ? line.close(4005, 'Already authenticated') : resume(body)
    if (!session) return line.close(4003, 'Not authenticated')
    if (!operate(session, op, d)) line.close(4001, 'Unknown opcode')
  }

  socket.on('message', (data) => {
    if (!muted) read(data)
  })
  socket.on('close', (code) => {
    beat.abort()
    onClose(line)
    if (!session) return
    if (closedWith === undefined ? givenUp.includes(code) : ending.includes(closedWith)) sessions.end(session)
    else sessions.detach(session, line)
  })
  awaitBeat()
  line.say(10, { heartbeat_interval: heartbeatMs, _trace: ['["playground"]'] })
  return line
}

/** A client that closes with these gives its session up. */
const givenUp = [1000, 1001]
/** Closed with these, a session cannot be resumed: https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway */
const ending: readonly (number | 'cut')[] = [1000, 4003, 4004, 4005, 4007, 4009, 4010, 4011, 4012, 4013, 4014]

const closeReasons: Readonly<Record<number, string>> = {
  4004: 'Authentication failed',
  4010: 'Invalid shard',
  4012: 'Invalid API version',
  4013: 'Invalid intent(s)',
  4014: 'Disallowed intent(s)',
}

/** Undefined where it is none: told to the client by close code 4002. */
function parse(text: string): { readonly op: number; readonly d: unknown } | undefined {
  const frame = readJson(text)
  return frame !== null && typeof frame === 'object' && 'op' in frame && typeof frame.op === 'number'
    ? (frame as { op: number; d: unknown })
    : undefined
}

function bare(token: unknown): string {
  return String(token).replace(/^Bot /, '')
}
