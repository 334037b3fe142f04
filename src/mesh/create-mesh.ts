import type { z } from 'zod'
import type { MeshConfig } from '#src/config/mesh-variables.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { ConfigError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import { peers, peerVariable } from '#src/kernel/peers.ts'
import { readJson } from '#src/kernel/read-json.ts'
import type { Tokens } from '#src/tokens/tokens.ts'
import type { Tracing } from '#src/tracing/tracing.ts'
import { addressOf } from './addresses.ts'
import { exchange, late, type PeerAnswer, PeerFailure } from './exchange.ts'
import type { Mesh, PeerRequest, PeerState } from './mesh.ts'
import { type Asked, neverSent, notConfigured, peerError, refusedBy, unreadable } from './peer-error.ts'
import { createPeerLink, type LinkLimits, linkDefaults } from './peer-link.ts'
import { requestUrl } from './request-url.ts'

export interface MeshDeps {
  /** Whose mesh it is, by its folder's name; nobody is a peer of itself. */
  readonly self: string
  readonly config: MeshConfig
  readonly tokens: Pick<Tokens, 'forService'>
  readonly tracing: Pick<Tracing, 'span' | 'carry'>
  readonly clock: Clock
  readonly log: Log
  readonly limits?: Partial<Omit<LinkLimits, 'threshold'>> & { readonly mostBytes?: number }
}

/** Of an answer's body. A synthesized minute of speech in base64 is smaller. */
const MOST_BYTES = 16 * 1_048_576

export function createMesh({ self, config, tokens, tracing, clock, log, limits = {} }: MeshDeps): Mesh {
  const { mostBytes = MOST_BYTES, ...given } = limits
  const linkLimits = { ...linkDefaults, ...given, threshold: config.CIRCUIT_BREAKER_THRESHOLD }
  const links = new Map(
    peers
      .filter((peer) => peer !== self)
      .map((peer) => {
        const link = createPeerLink(linkLimits, clock, (state) => log.warn({ peer, state }, 'the circuit breaker of a peer changed'))
        return [peer, { address: addressOf(peer, config), link }] as const
      }),
  )

  async function ask(request: PeerRequest, asked: Asked): Promise<PeerAnswer> {
    const { address, link } = links.get(request.peer) ?? {}
    if (!address || !link) throw notConfigured(asked, peerVariable[request.peer])
    const url = requestUrl(address.url, request)
    const headers = await headersFor(request, asked)
    const body = request.body === undefined ? undefined : JSON.stringify(request.body)
    const time = timeLimit(asked.timeoutMs, request.signal, clock)
    let sent = false
    let sending = false
    const attempt = async () => {
      sent = sending = true
      try {
        return await exchange({ url, method: request.method, headers, body, signal: time.signal, mostBytes })
      } finally {
        sending = false
      }
    }
    try {
      // An exchange that is under way ends by itself when the time is over; what only waits for its turn is ended here.
      return await Promise.race([link.run(attempt, asked.again, time.signal), time.over(() => !sending)])
    } catch (error) {
      if (request.signal?.aborted) throw request.signal.reason
      throw time.signal.aborted && !sent ? neverSent(asked) : peerError(error, asked)
    } finally {
      time.done()
    }
  }

  async function headersFor(request: PeerRequest, asked: Asked): Promise<Record<string, string>> {
    try {
      const token = await tokens.forService(request.peer)
      return {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(request.body !== undefined && { 'content-type': 'application/json' }),
        ...tracing.carry(),
      }
    } catch (error) {
      throw error instanceof ConfigError ? notConfigured(asked, 'SERVICE_MESH_SECRET') : error
    }
  }

  return {
    async call<Answer>(request: PeerRequest, answer: z.ZodType<Answer>): Promise<Answer> {
      const { peer, method, path, idempotent = method !== 'POST', timeoutMs = config.SERVICE_MESH_TIMEOUT } = request
      const asked = { peer, method, path, again: idempotent, timeoutMs }
      return tracing.span(`${method} ${peer}`, { kind: 'client', attributes: { peer, method } }, async (span) => {
        const given = await ask(request, asked)
        span.set({ status: given.status })
        if (given.status >= 400) throw refusedBy(given, asked)
        const read = answer.safeParse(readJson(given.text))
        if (read.success) return read.data
        log.warn({ peer, method, path, issues: read.error.issues.slice(0, 5) }, 'a peer answered something else than it should')
        throw unreadable(given, asked)
      })
    },
    url(peer) {
      const address = links.get(peer)?.address
      return address && new URL(address.url)
    },
    states: () =>
      [...links].map(([peer, { address, link }]): PeerState => {
        const state = link.state()
        return { ...state, peer, url: address?.url, from: address?.from, ...(!address && { state: 'unconfigured' }) }
      }),
  }
}

/** The time that a call has in all: waiting for its turn, attempts and the pauses between them. */
function timeLimit(ms: number, caller: AbortSignal | undefined, clock: Clock) {
  const finished = new AbortController()
  const ended = new AbortController()
  void clock.sleep(ms, finished.signal).then(() => {
    if (!finished.signal.aborted) ended.abort(late)
  })
  const signal = caller ? AbortSignal.any([ended.signal, caller]) : ended.signal
  return {
    signal,
    /** Rejects when the time is over, where that holds by then. */
    over: (holds: () => boolean) =>
      new Promise<never>((_, reject) => {
        const end = () => holds() && reject(signal.reason === late ? new PeerFailure('late') : signal.reason)
        if (signal.aborted) end()
        else signal.addEventListener('abort', end, { once: true, signal: finished.signal })
      }),
    done: () => finished.abort(),
  }
}
