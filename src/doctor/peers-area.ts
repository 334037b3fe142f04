import type { Clock } from '#src/kernel/clock.ts'
import { ago, count } from '#src/kernel/say.ts'
import type { PeerState } from '#src/mesh/mesh.ts'
import type { Probed } from '#src/probes/probe.ts'
import { type Area, type Finding, findingsOf } from './finding.ts'

export interface PeersParts {
  readonly states: () => readonly PeerState[]
  /** What the probes found, newest; `npm run doctor` has them look first. */
  readonly probed: () => Promise<readonly Probed[]>
  readonly clock: Clock
}

const area = 'Mesh'
const { ok, warning, problem, unknown } = findingsOf(area)

/** The services that the bot asks: where each is, its circuit breaker, and what its probe found. */
export function peersArea({ states, probed, clock }: PeersParts): Area {
  return {
    name: area,
    async examine() {
      const found = await probed()
      const peers = states().map((state) =>
        peer(
          state,
          found.find(({ target }) => target === state.peer),
          clock.now(),
        ),
      )
      const claude = found.find(({ target }) => target === 'claude-api')
      return claude ? [...peers, seen('claude-api', claude, '', clock.now())] : peers
    },
  }
}

function peer(state: PeerState, found: Probed | undefined, now: Date): Finding {
  const { peer: name, from, calls: made, failures, lastFailure } = state
  if (state.state === 'unconfigured') {
    return unknown(
      name,
      'Nothing tells where it is, so nothing can be asked of it.',
      'Set its URL (see docs/variables.md), or run on Railway’s private network.',
    )
  }
  const by = from === 'variable' ? 'by its variable' : 'by its private name'
  const calls = `${count(made, 'call')}, ${failures === 0 ? 'none' : failures} failed`
  const known = made === 0 ? `Found ${by}` : `Found ${by}; ${calls}`
  if (state.state === 'open') {
    const why = lastFailure ? ` Last: ${lastFailure.reason} (${ago(lastFailure.at, now)}).` : ''
    return problem(
      name,
      `${known}; its circuit breaker is open, so nothing is let through for a while.${why}`,
      'Look at /health and /logs of it; the breaker closes by itself when it answers again.',
    )
  }
  const trying = state.state === 'half-open' ? ', and its circuit breaker tries whether it answers again' : ''
  if (found) return seen(name, found, ` ${known}${trying}.`, now)
  return state.state === 'half-open'
    ? warning(name, `${known}${trying}.`)
    : unknown(name, `${known}. It was not probed: no probe is sent to what may sleep or is not among the services that Railway shows.`)
}

function seen(name: string, { state, sentence, trouble, latencyMs, at, openOnly }: Probed, more: string, now: Date): Finding {
  const means = `${sentence.replace(/\.$/, '')} (${latencyMs} ms, ${ago(at, now)}).${more}`
  if (state === 'failing') return problem(name, means, remedies[trouble ?? ''] ?? 'Look at its logs.')
  if (state === 'degraded') return warning(name, means, 'Look at its /health and at the store that it names.')
  if (openOnly)
    return warning(
      name,
      `${means} Only what is open was looked at, as there is no token.`,
      'Set SERVICE_MESH_SECRET to the same value here and on the services.',
    )
  return ok(name, means)
}

const remedies: Readonly<Record<string, string>> = {
  'name not found': 'Correct its URL; a private name is known inside Railway’s network alone.',
  'connection refused': 'Check that it runs, and that the port in its URL is the one that it listens on.',
  TLS: 'Check the certificate, and that the URL begins with https only where the service speaks TLS.',
  'no answer in time': 'Look at its CPU and its logs: it is there and does not answer.',
  'not authorised': 'Set SERVICE_MESH_SECRET to the same value here and on the service, and compare the clocks.',
  'nothing there': 'Correct its URL: another program answers there.',
}
