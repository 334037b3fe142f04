import type { ServiceState } from '#src/adapters/railway/railway.ts'
import { ago, andList } from '#src/kernel/say.ts'
import type { Probed } from '#src/probes/probe.ts'
import type { Judgement } from './judge.ts'

/** A probe that was not repeated for so long says nothing of now. */
const freshMs = 5 * 60_000

/** The newest probe of a service, where it is of what serves now and not too old. */
export function currentProbe(probe: Probed | undefined, { serving }: ServiceState, now: Date): Probed | undefined {
  if (!probe || now.getTime() - probe.at.getTime() > freshMs) return undefined
  // What was seen of the deployment before is no word about this one.
  return serving && serving.createdAt > probe.at ? undefined : probe
}

/** A service whose replicas all run and which, looked at twice, does not do what it is for is degraded. The replicas say the rest. */
export function withProbe(judged: Judgement, probe: Probed | undefined, now: Date): Judgement {
  if (!probe || probe.failures < 2 || (judged.condition !== 'healthy' && judged.condition !== 'degraded')) return judged
  const runs = judged.condition === 'healthy' ? 'It runs, but' : `${judged.reason.replace(/\.$/, '')};`
  const reason = `${runs} ${seenBy(probe)} (probed ${ago(probe.at, now)}).`
  return { condition: 'degraded', reason }
}

function seenBy({ state, down, sentence }: Probed): string {
  if (state === 'failing') return `its probe fails: ${sentence.replace(/\.$/, '')}`
  return down.length === 0 ? 'says that it is not healthy' : `${andList(down)} ${down.length === 1 ? 'is' : 'are'} down for it`
}
