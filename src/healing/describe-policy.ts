import { sayDollars } from '#src/alerts/limit.ts'
import { nounOf, sayLimit } from '#src/alerts/service-rules.ts'
import { sayDuration } from '#src/kernel/arguments/duration.ts'
import { count, orList } from '#src/kernel/say.ts'
import { saySteps } from './heal-words.ts'
import type { HealPolicy } from './healing.ts'

/** `When api is down or degraded for 30 s`. */
export function describeCondition({ rules: { when }, service: { name } }: Pick<HealPolicy, 'rules' | 'service'>): string {
  if (when.kind === 'alert') return `While the alert rule ${when.rule} fires for ${name}`
  const lasts = when.for > 0 ? ` for ${sayDuration(when.for)}` : ''
  if (when.kind === 'health') return `When ${name} is ${orList(when.is)}${lasts}`
  return `When ${nounOf[when.kind]} of ${name} is ${sayLimit(when)}${lasts}`
}

/** What a policy does, in full. */
export function describePolicy(policy: Pick<HealPolicy, 'rules' | 'service'>): string {
  const { steps, wait, perHour, dollars } = policy.rules
  const money = dollars !== undefined && steps.some((step) => step.do === 'scale') ? `, scaling up to ${sayDollars(dollars)} a month` : ''
  return `${describeCondition(policy)}: ${saySteps(steps)}. Each act has ${sayDuration(wait)} to help; at most ${count(perHour, 'act')} an hour${money}. After the last, people are called.`
}
