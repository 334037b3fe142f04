import { z } from 'zod'
import { meansType } from '#src/kernel/webhook-types.ts'
import type { Told } from '#src/webhooks/turns.ts'
import { type RuleOf, webhookLevels } from '../rule.ts'
import { fitting } from '../service-rules.ts'

const notice = z.object({
  /** When it happened, in ms since 1970. */
  at: z.number(),
  /** As it is compared, and as Railway wrote it. */
  type: z.string(),
  said: z.string(),
  level: z.string().optional(),
  service: z.object({ id: z.string(), name: z.string() }).optional(),
  /** Of the volume or the monitor that it is about. */
  about: z.string().optional(),
  /** What Helix's own incident of it is grouped by. */
  matter: z.string().optional(),
})
/** Webhooks of Railway that rules name, and those that say that such a thing is over. */
export const notices = z.object({ at: z.number(), notices: z.array(notice) })
export type Notices = Readonly<z.infer<typeof notices>>
export type KeptNotice = Readonly<z.infer<typeof notice>>
export type WebhookRule = RuleOf<'webhook'>

/** What happened longer ago is history: Railway repeats a webhook for minutes. */
const believedMs = 60 * 60_000
/** As long as the longest rule counts. */
const keptMs = 24 * 60 * 60_000
const mostKept = 500

export function noticeOf({ type, said, severity, service, about, deployment, at, turns }: Told, now: number): KeptNotice {
  const matter = turns.find(({ begins }) => begins)?.matter
  const whose = about ?? (service ? undefined : deployment)
  return {
    // Clocks disagree: nothing happened later than now.
    ...{ at: Math.min(now, at?.getTime() ?? now), type, said },
    ...(severity !== undefined && { level: severity }),
    ...(service && { service: { id: service.id, name: service.name } }),
    ...(whose !== undefined && { about: whose }),
    ...(matter !== undefined && { matter }),
  }
}

/** With one more; undefined where it matters to no rule, or is too old. */
export function withNotice(before: Notices | undefined, next: KeptNotice, rules: readonly WebhookRule[], now: number): Notices | undefined {
  const known = before?.notices ?? []
  const matters = rules.some((rule) => isMeantBy(rule, next)) || (rules.length > 0 && endedBy(next) !== undefined)
  if (!matters || now - next.at > believedMs) return undefined
  const young = [...known, next].filter(({ at }) => now - at <= keptMs)
  return { at: now, notices: young.toSorted((one, other) => one.at - other.at).slice(-mostKept) }
}

/** Whether a rule names it, by type, level and service. */
export function isMeantBy(rule: WebhookRule, { said, level, service }: KeptNotice): boolean {
  if (!rule.type.some((each) => meansType(each, said))) return false
  if (rule.level && webhookLevels.indexOf(rule.level) > (webhookLevels as readonly (string | undefined)[]).indexOf(level)) return false
  return service ? fitting(rule.services)(service.name) : rule.services.includes('*')
}

/** Those that a rule names, by what they are about, which of them nothing later has said to be over, and what ended the newest. */
export function meantBy(rule: WebhookRule, { notices: all }: Notices) {
  const meant = all.filter((each) => isMeantBy(rule, each))
  const endOf = (each: KeptNotice) => all.find((other) => other.at >= each.at && ends(other, each))
  return [...Map.groupBy(meant, subjectOf)].map(([subject, own]) => {
    const newest = own.at(-1)!
    return { subject, newest, open: own.filter((each) => !endOf(each)), end: endOf(newest) }
  })
}

/** The service; of what has none, the volume or whatever it is. */
function subjectOf({ service, about }: KeptNotice): string {
  return service?.id ?? about ?? 'project'
}

function ends(later: KeptNotice, earlier: KeptNotice): boolean {
  const ended = endedBy(later)
  if (ended === undefined || !ended.test(earlier.type)) return false
  return later.about === undefined || earlier.about === undefined ? subjectOf(later) === subjectOf(earlier) : later.about === earlier.about
}

/** Types that are over once this one comes. */
function endedBy({ type }: KeptNotice): RegExp | undefined {
  if (/^deployment(deployed|redeployed)$/.test(type)) return /^deployment(failed|crashed|oomkilled|needsapproval|waiting|slept|removed)$/
  if (type === 'deploymentresumed') return /^deploymentslept$/
  const [, family] = /^(.+)(?:resolved|deleted)$/.exec(type) ?? []
  return family === undefined ? undefined : new RegExp(`^${family}triggered$`)
}
