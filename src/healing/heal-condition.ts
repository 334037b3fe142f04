import type { RuleList } from '#src/alerts/alerts.ts'
import { testSubject } from '#src/alerts/evaluate.ts'
import { judgeOf } from '#src/alerts/service-rules.ts'
import { sayCondition } from '#src/kernel/say.ts'
import type { ServiceSignals } from '#src/signals/signals.ts'
import type { HealRules } from './heal-rules.ts'
import type { ConditionRead } from './heal-sight.ts'

/** What a policy's condition says of a service now. `alerts`: the rules of its project, with how they stand in its environment. */
export function readCondition(when: HealRules['when'], service: ServiceSignals, alerts: RuleList | undefined): ConditionRead {
  if (when.kind === 'alert') return readAlert(when.rule, service, alerts)
  const judge = judgeOf(when)
  const { condition, since, easing } = service
  const isOfHealth = when.kind === 'health' && when.is.some((each) => each === condition)
  return {
    // What flapped, or was down a moment ago, and was well when it was read last, needs nothing more now.
    verdict: when.kind === 'health' && easing ? 'between' : judge.verdict(service),
    sentence: isOfHealth || when.kind === 'health' ? judge.reads(service) : `${service.service.name}: ${judge.reads(service)}`,
    forMs: when.for,
    since: isOfHealth ? since.getTime() : undefined,
  }
}

/** A rule knows itself how long it has to be so. */
function readAlert(name: string, { service, condition, reason }: ServiceSignals, alerts: RuleList | undefined): ConditionRead {
  const found = alerts?.rules.find(({ rule }) => rule.name === name)
  if (!found) return { verdict: 'unread', sentence: `There is no alert rule ${name} any more.`, forMs: 0, since: undefined }
  const firing = found.standings.find(
    ({ phase, subject, trouble }) =>
      phase === 'firing' && subject !== testSubject && (trouble?.service === undefined || trouble.service.id === service.id),
  )
  if (!firing) {
    return {
      verdict: 'well',
      sentence: `The alert rule ${name} does not fire. ${sayCondition(service.name, condition)}. ${reason}`,
      forMs: 0,
      since: undefined,
    }
  }
  const told = firing.trouble ? ` ${firing.trouble.title}. ${firing.trouble.sentence}` : ''
  return { verdict: 'bad', sentence: `The alert rule ${name} fires for ${service.name}.${told}`, forMs: 0, since: firing.since }
}
