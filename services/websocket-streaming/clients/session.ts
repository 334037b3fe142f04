import { randomUUID } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { RawData, WebSocket } from 'ws'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { isAtLeast } from '#src/tokens/claimed-role.ts'
import { InvalidToken, type Principal, type Tokens } from '#src/tokens/tokens.ts'
import { closeCodes } from '../close-codes.ts'
import type { Counts } from '../counts.ts'
import type { StreamingLimits } from '../limits.ts'
import { type ControlMessage, readControl } from '../messages/control-message.ts'
import { createAllowance } from './allowance.ts'
import type { ClientCard } from './client-card.ts'
import { createOutlet } from './outlet.ts'
import type { Sessions } from './sessions.ts'
import type { Subscribing, Subscriptions } from './subscriptions.ts'

/** What the upgrade request said. */
export interface Arrival {
  readonly ws: WebSocket
  readonly socket: Duplex
  readonly address: string
  readonly clientId: string | undefined
  /** It came to `/ws/consciousness/admin`. */
  readonly admin: boolean
  /** From the query; undefined of one that asked for nothing. */
  readonly asked: Extract<ControlMessage, { type: 'subscribe' }> | undefined
}

export interface SessionDeps {
  readonly replica: string
  readonly tokens: Tokens
  readonly sessions: Sessions
  readonly subscriptions: Subscriptions
  readonly limits: StreamingLimits
  readonly counts: Counts
  readonly clock: Clock
  readonly log: Log
  /** What only admins may ask. */
  administer(message: Extract<ControlMessage, { type: 'clients' | 'disconnect' }>, session: Session): Promise<object>
  onOpen(session: Session): void
  onEnd(session: Session, code: number): void
}

/** One connection, from its first byte to its end. */
export interface Session {
  readonly connection: string
  readonly principal: Principal | undefined
  readonly slow: boolean
  card(): ClientCard | undefined
  /** Takes it in with a token that was verified, or closes it. */
  enter(principal: Principal): void
  /** Verifies a token that came beside the upgrade; closes with 4401 where it is not good. */
  authenticate(token: string): void
  /** Looks at the time: what is overdue is closed or cut. */
  tick(): void
  end(code: number, reason: string): void
}

export function createSession(arrival: Arrival, deps: SessionDeps): Session {
  const { ws, socket, address, clientId, admin, asked } = arrival
  const { tokens, sessions, limits, counts, clock, log } = deps
  const connection = randomUUID()
  const began = clock.now()
  const mayMore = createAllowance(clock, limits.messagesPerSecond, limits.burst)
  const outlet = createOutlet({
    ws,
    socket,
    limits,
    clock,
    counts,
    tellsGaps: () => subscribing.filter?.form === 'enveloped',
    onOverflow: () => end(closeCodes.tooSlow, 'Too much waits for you: you read too slowly.'),
  })
  const subscribing: Subscribing = deps.subscriptions.of(outlet)
  let principal: Principal | undefined
  let ending: { readonly at: Date; readonly code: number } | undefined
  let pingedAt = began
  let alive = true
  /** The token and the messages are worked off one after the other: what follows may come while a token is still being verified. */
  let work = Promise.resolve()

  function end(code: number, reason: string): void {
    if (ending) return
    ending = { at: clock.now(), code }
    subscribing.stop()
    ws.close(code, reason)
  }

  async function verified(token: string): Promise<Principal | undefined> {
    try {
      return await tokens.verify(token)
    } catch (error) {
      if (!(error instanceof InvalidToken)) throw error
      return void end(closeCodes.unauthenticated, error.message.slice(0, 100))
    }
  }

  function enter(next: Principal): void {
    if (ending) return
    const isForbidden = admin && !isAtLeast(next.role, 'admin')
    const refusal = isForbidden ? 'This needs the role admin.' : sessions.admit(session, next.subject, clientId)
    if (refusal) {
      end(isForbidden ? closeCodes.forbidden : closeCodes.tooManyConnections, refusal)
      return
    }
    principal = next
    counts.connected += 1
    deps.onOpen(session)
    if (asked || admin) subscribing.to(asked ?? {}, next, admin)
    else subscribing.plainly()
  }

  /** A fresh token for an open connection: its end moves, who it is does not. */
  async function renew(token: string, before: Principal): Promise<void> {
    const next = await verified(token)
    if (!next) return
    if (next.subject !== before.subject || !isAtLeast(next.role, before.role)) {
      return end(closeCodes.forbidden, 'The new token is for somebody else, or for less: connect again.')
    }
    principal = next
    sayWho(next)
  }

  function sayWho({ subject, role, expiresAt }: Principal): void {
    outlet.say({ type: 'authenticated', subject, role, connection, expires_at: expiresAt?.toISOString() ?? null })
  }

  async function handle(text: string): Promise<void> {
    if (ending) return
    const message = readControl(text, admin)
    if (!principal) {
      if (typeof message !== 'object' || message.type !== 'auth') {
        return end(closeCodes.unauthenticated, 'The first message must be {"type":"auth","token":…}.')
      }
      const next = await verified(message.token)
      if (!next || ending) return
      sayWho(next)
      return enter(next)
    }
    if (message === undefined) outlet.write(`Echo: ${text}`)
    else if (typeof message === 'string') outlet.say({ type: 'error', detail: message })
    else await obey(message, principal)
  }

  async function obey(message: ControlMessage, by: Principal): Promise<void> {
    switch (message.type) {
      case 'auth':
        return renew(message.token, by)
      case 'subscribe':
        return subscribing.to(message, by, admin)
      case 'unsubscribe':
        subscribing.stop()
        return outlet.say({ type: 'unsubscribed' })
      case 'ping':
        return outlet.say({ type: 'pong', id: message.id ?? null, time: clock.now().toISOString() })
      default:
        return outlet.say(await deps.administer(message, session))
    }
  }

  function spend(): void {
    if (!mayMore()) end(closeCodes.tooMany, `${limits.messagesPerSecond} messages a second are allowed.`)
  }

  function take(data: RawData, isBinary: boolean): void {
    alive = true
    spend()
    if (isBinary) end(closeCodes.notText, 'Messages are text.')
    if (ending) return
    inTurn(() => handle(String(data)))
  }

  function inTurn(step: () => Promise<void>): void {
    work = work.then(step).catch((err: unknown) => {
      log.error({ err, connection }, 'a message of a client failed')
      end(1011, 'Something went wrong here, and it is our fault.')
    })
  }

  ws.on('message', take)
  ws.on('pong', () => {
    alive = true
    spend()
  })
  ws.on('ping', spend)
  // The package closes a connection that breaks the protocol: 1009 for what is too large, 1002, 1007.
  ws.on('error', (err) => {
    ending ??= { at: clock.now(), code: 'code' in err && err.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 1009 : 1002 }
    subscribing.stop()
    log.debug({ err, connection }, 'a connection failed')
  })
  ws.on('close', (code) => {
    subscribing.stop()
    sessions.remove(session)
    deps.onEnd(session, ending?.code ?? code)
  })

  const session: Session = {
    connection,
    get principal() {
      return principal
    },
    get slow() {
      return outlet.slowSince !== undefined
    },
    card() {
      if (!principal) return undefined
      const { subject, kind, role, expiresAt } = principal
      const { sent, coalesced, bufferedBytes } = outlet.figures
      const { filter } = subscribing
      return {
        connection,
        client_id: clientId ?? null,
        subject,
        kind,
        role,
        address,
        replica: deps.replica,
        connected_at: began.toISOString(),
        expires_at: expiresAt?.toISOString() ?? null,
        admin,
        channels: filter ? [...filter.channels] : [],
        agents: filter?.agents ? [...filter.agents] : null,
        sent,
        coalesced,
        buffered_bytes: bufferedBytes,
        slow: outlet.slowSince !== undefined,
      }
    },
    enter,
    authenticate: (token) =>
      inTurn(async () => {
        const next = await verified(token)
        if (next) enter(next)
      }),
    tick() {
      const now = clock.now()
      const since = (then: Date) => now.getTime() - then.getTime()
      if (ending) return since(ending.at) > limits.closeMs ? ws.terminate() : undefined
      if (!principal && since(began) > limits.authMs) return end(closeCodes.unauthenticated, 'No token came in time.')
      if (principal?.expiresAt && principal.expiresAt <= now) return end(closeCodes.unauthenticated, 'The token has expired.')
      if (outlet.slowSince && since(outlet.slowSince) > limits.slowMs) return end(closeCodes.tooSlow, 'You read too slowly.')
      if (since(pingedAt) < limits.pingEveryMs) return
      if (!alive) return ws.terminate()
      alive = false
      pingedAt = now
      ws.ping()
    },
    end,
  }
  sessions.add(session)
  return session
}
