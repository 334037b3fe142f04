import { isDeepStrictEqual } from 'node:util'
import type { PolicyShape } from '#src/policies/shape.ts'
import { onePerService } from './one-per-service.ts'
import { type ScaleRules, scaleRules } from './scale-rules.ts'
import { type ScaleState, scaleState } from './scale-state.ts'

export const scaleShape: PolicyShape<ScaleRules, ScaleState> = {
  kind: 'scale',
  rules: scaleRules,
  state: scaleState,
  announces: true,
  fits: onePerService,
  permits({ rules, service }, command, { replicas, ...given }) {
    if (command !== 'scale' || typeof replicas !== 'number' || !isDeepStrictEqual(given, { service: service.id })) return false
    const { least, most } = bounds(rules)
    return Number.isInteger(replicas) && replicas >= least && replicas <= most
  },
}

/** Over all hours of the week. */
function bounds({ min, max, schedules }: ScaleRules): { readonly least: number; readonly most: number } {
  return {
    least: Math.min(min, ...schedules.map((each) => each.min ?? min)),
    most: Math.max(max, ...schedules.map((each) => each.max ?? max)),
  }
}
