import { randomUUID } from 'node:crypto'
import type { Clock } from '#src/kernel/clock.ts'
import { ConfigError } from '#src/kernel/errors.ts'
import { andList } from '#src/kernel/say.ts'
import type { Tokens } from '#src/tokens/tokens.ts'
import type { Line } from './ask.ts'
import { askHealth, type Said } from './health-answer.ts'
import { looks } from './looks.ts'
import type { Seen, Target } from './probe.ts'
import { failureOf } from './probe-failure.ts'

export interface ProbeDeps {
  readonly tokens: Pick<Tokens, 'forService'>
  readonly clock: Clock
  readonly fetch?: typeof fetch
  /** For all of one probe. */
  readonly limitMs?: number
}

/** How Helix's own client ids begin at websocket-streaming. */
export const probeClient = 'helix-probe-'

export const probeDefaults = { limitMs: 5_000 } as const

/** One look at one service, within its time: health first, then what the service is for. Never rejects but for a bug. */
export async function probeOnce(target: Target, url: URL, deps: ProbeDeps): Promise<Seen> {
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
    token = looks[target] ? await tokenFor(target, deps) : undefined
    const line: Line = { url, token, signal: late.signal, fetch }
    said = await askHealth(line)
    const healthMs = since()
    const look = token === undefined ? undefined : looks[target]
    const seen = look ? await look(line, `${probeClient}${randomUUID()}`) : 'It answers its health check.'
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
async function tokenFor(target: Target, { tokens }: ProbeDeps): Promise<string | undefined> {
  try {
    return await tokens.forService(target)
  } catch (error) {
    if (error instanceof ConfigError) return undefined
    throw error
  }
}
