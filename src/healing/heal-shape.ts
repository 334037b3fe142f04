import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { PolicyShape } from '#src/policies/shape.ts'
import { type HealRules, type HealStep, healRules } from './heal-rules.ts'

export const healState = z.unknown()
export type HealState = z.output<typeof healState>

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
  if (step.do !== 'scale') return isDeepStrictEqual(given, { service })
  const { replicas, ...rest } = given
  return typeof replicas === 'number' && replicas >= 1 && replicas <= step.most && isDeepStrictEqual(rest, { service })
}
