import { z } from 'zod'
import { ruleDigest } from '#src/automation/rule-digest.ts'
import { digitsOf } from '#src/kernel/exact-json.ts'
import { fieldAt } from '#src/kernel/field.ts'
import { matchesGlob } from '#src/kernel/glob.ts'
import { type TemplateValues, templateFault } from './template.ts'

const text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((value) => !value.includes('\0') && value.isWellFormed(), 'must be plain text')
/** A number that came with more digits than JavaScript holds is another one by now. */
const number = z
  .number()
  .refine((value) => !Number.isInteger(value) || Number.isSafeInteger(value), 'has too many digits: write it as text')
const scalar = z.union([z.string().max(2_000), number, z.boolean()])
const template = scalar.superRefine((value, context) => {
  const fault = typeof value === 'string' ? templateFault(value) : undefined
  if (fault !== undefined) context.addIssue({ code: 'custom', message: `The template ${fault}.` })
})
const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and dashes, at most 63')
const path = z.string().regex(/^[\w$-]+(\.[\w$-]+){0,15}$/, 'must be a dotted path such as deploy.service')

/** What a rule says, as people write it. */
export const ruleContent = z.strictObject({
  name: slug,
  /** The event's type, where `*` stands for anything: `deploy.*`. */
  event: text(200),
  /** Fields of the payload that must be equal, by dotted path. */
  where: z
    .record(path, z.union([scalar, z.null()]))
    .refine(hasFew, 'has more than 16 fields')
    .default({}),
  /** A Helix command: `scale`, `env.list`. */
  command: z.string().regex(/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*){0,2}$/, 'must be the name of a command'),
  arguments: z.record(slug, template).refine(hasFew, 'has more than 16 arguments').default({}),
  /** The Railway environment, by name; left out, the one that is meant when none is named. */
  environment: text(100).optional(),
})
export type RuleContent = z.output<typeof ruleContent>

export interface Rule extends RuleContent {
  readonly id: string
  readonly enabled: boolean
  readonly updatedAt: Date
  /** Whose token last changed it. */
  readonly updatedBy: string
}

/** The events that a rule takes, in one text: what is confirmed by a person covers the fields too. */
export function patternOf({ event, where }: Pick<RuleContent, 'event' | 'where'>): string {
  const fields = Object.entries(where).sort(([a], [b]) => (a < b ? -1 : 1))
  return [event, ...fields.map(([at, wanted]) => `${at}=${JSON.stringify(wanted)}`)].join(' ')
}

/** Of what it does (its name changes nothing): who allowed this version has allowed nothing else. */
export function digestOf(rule: RuleContent): string {
  const { command, arguments: given, environment } = rule
  return ruleDigest({ pattern: patternOf(rule), command, arguments: given, environment })
}

/** Whether a rule is meant for an event. */
export function applies(rule: Pick<Rule, 'enabled' | 'event' | 'where'>, { event_type, payload }: TemplateValues): boolean {
  if (!rule.enabled || !matchesGlob(rule.event, event_type)) return false
  return Object.entries(rule.where).every(([at, wanted]) => {
    const found = fieldAt(payload, at) ?? null
    return (digitsOf(found) ?? found) === wanted
  })
}

function hasFew(record: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(record).length <= 16
}
