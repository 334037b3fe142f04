import { isDeepStrictEqual } from 'node:util'
import type { PolicyShape } from '#src/policies/shape.ts'
import { type HealRules, type HealStep, healRules } from './heal-rules.ts'
import { type HealState, healState } from './heal-state.ts'

export const healShape: PolicyShape<HealRules, HealState> = {
  kind: 'heal',
  rules: healRules,
  state: healState,
  // The incident's thread tells of them.
  announces: false,
  permits: ({ rules, service }, command, given) => rules.steps.some((step) => allows(step, service.id, command, given)),
}

function allows(step: HealStep, service: string, command: string, given: Readonly<Record<string, unknown>>): boolean {
  if (step.do === 'run') return command === step.command && isDeepStrictEqual(given, step.arguments)
  if (command !== step.do) return false
  if (step.do === 'rollback') {
    // The one before the trouble: which that is, only the moment tells; the command itself brings back nothing but a service's own.
    const { deployment, ...rest } = given
    return typeof deployment === 'string' && isDeepStrictEqual(rest, { service })
  }
  if (step.do !== 'scale') return isDeepStrictEqual(given, { service })
  const { replicas, ...rest } = given
  return typeof replicas === 'number' && replicas >= 1 && replicas <= step.most && isDeepStrictEqual(rest, { service })
}
