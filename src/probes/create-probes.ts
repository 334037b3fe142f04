import { randomUUID } from 'node:crypto'
import type { Clock } from '#src/kernel/clock.ts'
import { ConfigError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import { peers } from '#src/kernel/peers.ts'
import { andList } from '#src/kernel/say.ts'
import type { Mesh } from '#src/mesh/mesh.ts'
import type { Tokens } from '#src/tokens/tokens.ts'
import type { Line } from './ask.ts'
import { askHealth, type Said } from './health-answer.ts'
import { looks } from './looks.ts'
import type { Probed, Probes, Target } from './probe.ts'
import { failureOf } from './probe-failure.ts'

export interface ProbesDeps {
  readonly mesh: Pick<Mesh, 'url'>
  readonly tokens: Pick<Tokens, 'forService'>
  readonly clock: Clock
  readonly log: Log
  /** `CLAUDE_API_URL`. */
  readonly claude?: URL | undefined
  readonly fetch?: typeof fetch
  /** For all of one probe. */
  readonly limitMs?: number
}

export const probeDefaults = { limitMs: 5_000 } as const

/**
 * Looks at the services from outside, as their users do: health first, then what the service is for. Not through the mesh: a probe tells
 * how things are, and neither waits for a circuit breaker nor trips one.
 */
export function createProbes(deps: ProbesDeps): Probes {
  const { mesh, claude, log } = deps
  let readings: readonly Probed[] = []
  let underWay: Promise<readonly Probed[]> | undefined

  async function round(mayAsk: (url: URL) => boolean): Promise<readonly Probed[]> {
    const located: readonly (readonly [Target, URL | undefined])[] = [
      ...peers.flatMap((peer) => (peer === 'bot' ? [] : [[peer, mesh.url(peer)] as const])),
      ['claude-api', claude],
    ]
    const asked = located.flatMap(([target, url]) => (url !== undefined && mayAsk(url) ? [{ target, url }] : []))
    const found = await Promise.all(asked.map(({ target, url }) => probe(target, url, deps)))
    for (const { target, state, sentence, trouble } of found) {
      const before = readings.find((each) => each.target === target)
      if (before?.state === state || (before === undefined && state === 'well')) continue
      if (state === 'well') log.info({ target }, 'a probe is well again')
      else log.warn({ target, state, trouble, reason: sentence }, 'a probe is not well')
    }
    readings = found
    return found
  }

  return {
    run(mayAsk = () => true) {
      underWay ??= round(mayAsk).finally(() => {
        underWay = undefined
      })
      return underWay
    },
    last: () => readings,
  }
}

/** One probe, within its time. Never rejects but for a bug. */
async function probe(target: Target, url: URL, deps: ProbesDeps): Promise<Probed> {
  const { clock, fetch = globalThis.fetch, limitMs = probeDefaults.limitMs } = deps
  const done = new AbortController()
  const late = new AbortController()
  void clock.sleep(limitMs, done.signal).then(() => done.signal.aborted || late.abort())
  const at = clock.now()
  const since = () => clock.now().getTime() - at.getTime()
  const fixed = { target, url: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, at }
  let said: Said | undefined
  let token: string | undefined
  try {
    token = target === 'claude-api' ? undefined : await tokenFor(target, deps)
    const line: Line = { url, token, signal: late.signal, fetch }
    said = await askHealth(line)
    const healthMs = since()
    const look = token === undefined ? undefined : looks[target]
    const seen = look ? await look(line, `helix-probe-${randomUUID()}`) : 'It answers its health check.'
    const latencyMs = look ? since() - healthMs : healthMs
    const common = { ...fixed, latencyMs, down: said.down, openOnly: looks[target] !== undefined && token === undefined }
    if (said.state === 'well') return { ...common, state: 'well', sentence: seen, trouble: undefined }
    return { ...common, state: 'degraded', sentence: degraded(said), trouble: 'degraded' }
  } catch (error) {
    const { trouble, message } = failureOf(error, late.signal.aborted)
    const also = said?.state === 'degraded' ? ` ${degraded(said)}` : ''
    const down = said?.down ?? []
    return { ...fixed, state: 'failing', sentence: `${message}${also}`, trouble, down, latencyMs: since(), openOnly: token === undefined }
  } finally {
    done.abort()
  }
}

function degraded({ down }: Said): string {
  if (down.length === 0) return 'It answers, but says that it is not healthy.'
  return `It answers, but says that ${andList(down)} ${down.length === 1 ? 'is' : 'are'} down.`
}

/** Undefined where this process has no secret to sign with: what is open can be looked at all the same. */
async function tokenFor(target: Target, { tokens }: ProbesDeps): Promise<string | undefined> {
  try {
    return await tokens.forService(target)
  } catch (error) {
    if (error instanceof ConfigError) return undefined
    throw error
  }
}
