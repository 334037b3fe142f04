import type { RuleList } from '#src/alerts/alerts.ts'
import { testSubject } from '#src/alerts/evaluate.ts'
import { judgeOf } from '#src/alerts/service-rules.ts'
import type { Condition } from '#src/health/health.ts'
import { sayCondition } from '#src/kernel/say.ts'
import type { ServiceSignals } from '#src/signals/signals.ts'
import type { HealRules } from './heal-rules.ts'
import type { ConditionRead } from './heal-sight.ts'

/** What a policy's condition says of a service now. `alerts`: the rules of its project, with how they stand in its environment. */
export function readCondition(when: HealRules['when'], service: ServiceSignals, alerts: RuleList | undefined): ConditionRead {
  if (when.kind === 'alert') return readAlert(when.rule, service, alerts)
  const judge = judgeOf(when)
  const { condition, since } = service
  if (when.kind !== 'health')
    return {
      verdict: judge.verdict(service),
      sentence: `${service.service.name}: ${judge.reads(service)}`,
      forMs: when.for,
      since: undefined,
    }
  const isOfHealth = when.is.some((each) => each === condition)
  return {
    ...readHealth(when.is, service),
    sentence: judge.reads(service),
    forMs: when.for,
    since: isOfHealth ? since.getTime() : undefined,
  }
}

/** What goes up and down is held to be degraded, and down as often as it is read so. Where it was well just now it is ill still, and needs nothing now. */
function readHealth(is: readonly Condition[], { condition, easing, flapping }: ServiceSignals): Pick<ConditionRead, 'verdict' | 'easing'> {
  const eases = { verdict: 'between', easing: true } as const
  if (is.some((each) => each === condition)) return easing ? eases : { verdict: 'bad' }
  if (flapping !== undefined && is.includes('down')) return flapping === 'down' ? { verdict: 'bad' } : eases
  return { verdict: condition === 'deploying' || condition === 'unknown' ? 'between' : 'well' }
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
