import { sayDuration } from '#src/kernel/arguments/duration.ts'
import { count, orList } from '#src/kernel/say.ts'
import { meantBy, type Notices, type WebhookRule } from '../readings/notices.ts'
import type { Look } from './look.ts'

/** A look for each service, volume or monitor that such a webhook told of. That none came is no fault: none may be set up. */
export function looksOfWebhooks(rule: WebhookRule, notices: Notices | undefined, now: number): readonly Look[] {
  if (!notices) return []
  return meantBy(rule, notices).map(({ subject, newest, open, end }) => {
    const counted = open.filter(({ at }) => now - at <= rule.within)
    const { said, service, matter } = newest
    const [of, inTime] = [service?.name ?? subject, `in ${sayDuration(rule.within)}`]
    return {
      ...{ subject, of, verdict: counted.length >= rule.count ? 'bad' : 'well', ...(service && { service }) },
      // What Helix itself makes of it, and what health finds, is the same incident.
      group: service?.id ?? matter ?? `rule:${rule.name}`,
      title: `${service?.name ?? 'The project'}: Railway says ${said}`,
      reads:
        open.length === 0 && end
          ? `Railway says that it is over: after ${said} came ${end.said}.`
          : `${counted.length === 0 ? 'No' : counted.length} such ${counted.length === 1 ? 'webhook' : 'webhooks'} came ${inTime}, the last was ${said}.`,
    }
  })
}

/** `a webhook Deployment.failed`. */
export function sayWebhooks({ type, level, count: many, within }: WebhookRule): string {
  const words = many === 1 ? 'a webhook' : count(many, 'webhook')
  const least = level === undefined ? '' : ` of ${level} or worse`
  return `${words} ${orList(type)}${least} in ${sayDuration(within)}`
}
