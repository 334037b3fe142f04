/** What the page needs of the browser, so that tests can hand in their own. */
export interface GatewayDeps {
  readonly url: () => Promise<string>
  readonly token: string
  readonly socket: (url: string) => WebSocket
  /** Answers the function that cancels it. Milliseconds. */
  readonly later: (action: () => void, delay: number) => () => void
  onEvent(name: string, data: unknown): void
  onLink(link: Link): void
}

/** `refused`: the token is not taken; trying again would not help. */
export type Link = 'connecting' | 'live' | 'lost' | 'refused'

export interface Gateway {
  /** False where there is no connection to send it over. */
  send(op: number, d: unknown): boolean
  close(): void
}

const longestWait = 5_000
/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes */
const final = new Set([4004, 4010, 4011, 4012, 4013, 4014])
const needsNewSession = new Set([1000, 4003, 4005, 4007, 4008, 4009])

interface Frame {
  readonly op: number
  readonly d: unknown
  readonly s?: number | null
  readonly t?: string | null
}

/** A user's gateway session: kept alive, resumed where that is possible, begun anew where not (READY comes again then). */
export function createGateway(deps: GatewayDeps): Gateway {
  let socket: WebSocket | undefined
  let session: string | undefined
  let sequence: number | null = null
  let acknowledged = true
  let attempts = 0
  let closed = false
  let cancelBeat = () => {}
  let cancelRetry = () => {}

  const send = (op: number, d: unknown) => {
    if (socket?.readyState !== WebSocket.OPEN) return false
    socket.send(JSON.stringify({ op, d }))
    return true
  }

  function beat(interval: number, first = false): void {
    cancelBeat = deps.later(
      () => {
        // A missed answer is a dead connection, whatever the socket says. Not 1000 or 1001: those would end the session.
        if (!acknowledged) return socket?.close(4000)
        acknowledged = false
        send(1, sequence)
        beat(interval)
      },
      first ? interval * Math.random() : interval,
    )
  }

  function greet(): void {
    if (session) send(6, { token: deps.token, session_id: session, seq: sequence })
    else send(2, { token: deps.token, properties: { os: 'linux', browser: 'Helix playground', device: '' } })
  }

  function onFrame({ op, d, s, t }: Frame): void {
    if (s != null) sequence = s
    if (op === 10) {
      acknowledged = true
      beat((d as { heartbeat_interval: number }).heartbeat_interval, true)
      greet()
    } else if (op === 11) acknowledged = true
    else if (op === 1) send(1, sequence)
    else if (op === 7) socket?.close(4000)
    else if (op === 9) {
      if (d !== true) forget()
      greet()
    } else if (op === 0 && t) onDispatch(t, d)
  }

  function onDispatch(name: string, data: unknown): void {
    if (name === 'READY') session = (data as { session_id: string }).session_id
    if (name === 'READY' || name === 'RESUMED') {
      attempts = 0
      deps.onLink('live')
    }
    deps.onEvent(name, data)
  }

  function forget(): void {
    session = undefined
    sequence = null
  }

  function onClosed(code: number): void {
    cancelBeat()
    if (closed) return
    if (needsNewSession.has(code)) forget()
    deps.onLink(final.has(code) ? 'refused' : 'lost')
    if (!final.has(code)) cancelRetry = deps.later(connect, Math.min(longestWait, 250 * 2 ** attempts++))
  }

  async function connect(): Promise<void> {
    try {
      const url = await deps.url()
      if (closed) return
      const mine = deps.socket(url)
      socket = mine
      mine.onmessage = ({ data }) => mine === socket && onFrame(JSON.parse(String(data)))
      mine.onclose = ({ code }) => mine === socket && onClosed(code)
    } catch {
      // The server is away: the same as a connection that broke, and shown as that.
      onClosed(1006)
    }
  }

  deps.onLink('connecting')
  void connect()
  return {
    send,
    close() {
      closed = true
      cancelBeat()
      cancelRetry()
      socket?.close(1000)
    },
  }
}
