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
    const found = await Promise.all(asked.map(({ target, url }) => probeOnce(target, url, deps)))
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
