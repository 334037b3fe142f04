import { createBounds } from '#src/scaling/bounds.ts'
import { decideScaling, type ScaleMoment, type ScaleRound } from '#src/scaling/decide-scaling.ts'
import type { LoadSample } from '#src/scaling/load-sample.ts'
import type { WrittenScaleRules } from '#src/scaling/scale-rules.ts'
import { loadOf, rulesOf } from './rules-of.ts'

export const service = { id: 's', name: 'api' }

export interface Given {
  readonly rules?: Partial<WrittenScaleRules>
  readonly load?: Partial<LoadSample>
  readonly moment?: Partial<ScaleMoment>
  readonly round?: Partial<ScaleRound>
  readonly mode?: 'act' | 'simulate'
}

/** One decision about two replicas that bear 1.4 vCPU together, but for what is given. */
export function decide({ rules: written, load: borne, moment = {}, round = {}, mode = 'act' }: Given = {}) {
  const [rules, load] = [rulesOf(written), loadOf(borne)]
  const policy = { rules, service, mode, at: new Date(0) }
  const own = { load, set: load.replicas, bounds: createBounds(rules)(load.at), gapMs: 60_000, ...moment }
  return decideScaling({ policy, state: undefined, past: [], stop: undefined, ...round }, own)
}
