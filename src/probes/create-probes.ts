import type { Log } from '#src/kernel/log.ts'
import { peers } from '#src/kernel/peers.ts'
import type { Mesh } from '#src/mesh/mesh.ts'
import type { Probed, Probes, Target } from './probe.ts'
import { type ProbeDeps, probeOnce } from './probe-once.ts'

export interface ProbesDeps extends ProbeDeps {
  readonly mesh: Pick<Mesh, 'url'>
  readonly log: Log
  /** `CLAUDE_API_URL`. */
  readonly claude?: URL | undefined
}

/** `pause`: between two looks at what is not well, in ms, a quarter of how long that lasts. `staleMs`: who asks wants to know it anew. */
export const probesDefaults = { pause: { leastMs: 3_000, mostMs: 60_000, share: 1 / 4 }, staleMs: 10_000 } as const

/** What is known of a target while it may be asked. */
interface Watched {
  readonly url: URL
  found?: Probed
  /** When the first of the failures in a row was seen. */
  illSince?: Date
  looking?: Promise<Probed>
}

/**
 * Looks at the services from outside, as their users do: health first, then what the service is for. Not through the mesh: a probe tells
 * how things are, and neither waits for a circuit breaker nor trips one.
 */
export function createProbes(deps: ProbesDeps): Probes {
  const { mesh, claude, clock, log } = deps
  let watched: ReadonlyMap<Target, Watched> = new Map()

  function located(): readonly (readonly [Target, URL])[] {
    const known = peers.flatMap((peer) => (peer === 'bot' ? [] : [[peer, mesh.url(peer)] as const]))
    return [...known, ['claude-api', claude] as const].flatMap(([target, url]) => (url ? [[target, url] as const] : []))
  }

  /** Joins a look under way: never two at once. */
  function look(target: Target, one: Watched): Promise<Probed> {
    one.looking ??= probeOnce(target, one.url, deps)
      .then((seen) => {
        const before = one.found
        const failures = seen.state === 'well' ? 0 : (before?.failures ?? 0) + 1
        if (failures === 1) one.illSince = seen.at
        one.found = { ...seen, failures }
        tell(one.found, before)
        return one.found
      })
      .finally(() => {
        delete one.looking
      })
    return one.looking
  }

  /** What is believed of a target, when that becomes another: one failure may be a blink. */
  function tell({ target, state, sentence, trouble, failures }: Probed, before: Probed | undefined): void {
    const was = before && before.failures > 1 ? before.state : 'well'
    const is = failures > 1 ? state : 'well'
    if (is === was) return
    if (is === 'well') log.info({ target }, 'a probe is well again')
    else log.warn({ target, state, trouble, reason: sentence }, 'a probe is not well')
  }

  /** Looks at what is not well and was looked at so long ago. */
  async function again(isDue: (ageMs: number, one: Watched) => boolean): Promise<void> {
    const now = clock.now().getTime()
    const due = [...watched].filter(([, one]) => one.found && one.found.failures > 0 && isDue(now - one.found.at.getTime(), one))
    await Promise.all(due.map(([target, one]) => look(target, one)))
  }

  function pauseMs({ found, illSince }: Watched): number {
    const { leastMs, mostMs, share } = probesDefaults.pause
    const lastsMs = found!.at.getTime() - (illSince ?? found!.at).getTime()
    return Math.min(mostMs, Math.max(leastMs, lastsMs * share))
  }

  return {
    run(mayAsk = () => true) {
      const asked = located().filter(([, url]) => mayAsk(url))
      watched = new Map(asked.map(([target, url]) => [target, kept(watched.get(target), url)]))
      return Promise.all([...watched].map(([target, one]) => look(target, one)))
    },
    lookAgain: () => again((ageMs, one) => ageMs >= pauseMs(one)),
    wanted() {
      again((ageMs) => ageMs > probesDefaults.staleMs).catch((err: unknown) => log.error({ err }, 'a probe could not be made'))
    },
    last: () => [...watched.values()].flatMap(({ found }) => (found ? [found] : [])),
  }
}

/** What was known of an address is no word about another one. */
function kept(before: Watched | undefined, url: URL): Watched {
  return before?.url.href === url.href ? before : { url }
}
