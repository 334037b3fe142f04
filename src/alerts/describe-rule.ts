import { sayDuration } from '#src/kernel/arguments/duration.ts'
import { andList, count, orList } from '#src/kernel/say.ts'
import { sayCost } from './looks/of-cost.ts'
import { sayLines } from './looks/of-logs.ts'
import { sayWebhooks } from './looks/of-webhooks.ts'
import { consciousnessMeasure, limitOf, type Rule } from './rule.ts'
import { nounOf, sayLimit } from './service-rules.ts'

/** What a rule says, in a few words: `memory above 90 % for 10 min, of api, in production`. */
export function describeRule(rule: Rule): string {
  const lasts = 'for' in rule && rule.for > 0 ? ` for ${sayDuration(rule.for)}` : ''
  const services = 'services' in rule && !rule.services.includes('*') ? `, of ${andList(rule.services)}` : ''
  const where = rule.environments.includes('*') ? '' : `, in ${andList(rule.environments)}`
  return `${core(rule)}${lasts}${services}${where}`
}

function core(rule: Rule): string {
  switch (rule.kind) {
    case 'health':
      return `a service is ${orList(rule.is)}`
    case 'consciousness':
      return `${rule.metric} ${rule.above ? 'above' : 'below'} ${consciousnessMeasure.say(limitOf(rule))}`
    case 'stream':
      return `${count(rule.count, 'message')} on ${rule.channel}${fields(rule.where)} in ${sayDuration(rule.within)}`
    case 'heartbeat':
      return `no message on ${rule.channel}${fields(rule.where)} for ${sayDuration(rule.every)}`
    case 'log':
      return `${sayLines(rule)} in ${sayDuration(rule.within)}`
    case 'cost':
      return sayCost(rule)
    case 'certificate':
      return `a certificate that fails, is not issued, or ends within ${rule.days} days`
    case 'webhook':
      return sayWebhooks(rule)
    case 'helix':
      return `Helix is blind: ${orList(rule.what)}`
    default:
      return `${nounOf[rule.kind]} ${sayLimit(rule)}`
  }
}

function fields(where: Readonly<Record<string, unknown>>): string {
  const sorted = Object.entries(where).toSorted(([one], [other]) => (one < other ? -1 : 1))
  const wanted = sorted.map(([path, value]) => `${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return wanted.length === 0 ? '' : ` with ${wanted.join(' ')}`
}
