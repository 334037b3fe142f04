import { z } from 'zod'
import { faultsOf, pathWords } from '#src/alerts/faults.ts'
import { alertRule, isOfServices, type ServiceRule } from '#src/alerts/rule.ts'
import { span } from '#src/kernel/span.ts'
import { NoSteps, parseSteps } from './parse-steps.ts'

const MINUTE = 60_000
const DAY = 86_400_000

/** An alert rule, by its name: while it fires for the service, or for no service in particular. */
const alert = z.strictObject({ kind: z.literal('alert'), rule: z.string().min(1).max(50) })

/**
 * What of a service is wrong: as an alert rule says it (`{kind: 'health', is: ['down']}`, `{kind: 'error-rate', above: '5%', for: '2m'}`), or that an
 * alert rule fires (`{kind: 'alert', rule: 'slow'}`).
 */
const condition = z.record(z.string(), z.unknown()).transform((written, context): ServiceRule | z.output<typeof alert> => {
  const read = written.kind === 'alert' ? alert.safeParse(written) : alertRule.safeParse({ name: 'when', ...written })
  if (read.success && (read.data.kind === 'alert' || isOfServices(read.data))) return read.data
  const message = read.success
    ? 'must be the health of a service or one of its figures; for other kinds name an alert rule'
    : faultsOf(read.error)
        .map(({ path, message: what }) => `${pathWords(path)} ${what}`)
        .join('; ')
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

const attempts = { attempts: z.int().min(1).max(10).default(1) }

/** One rung: what is done, so many times, before the next one is tried. */
const step = z.discriminatedUnion(
  'do',
  [
    z.strictObject({ do: z.literal('restart'), ...attempts }),
    z.strictObject({ do: z.literal('redeploy'), ...attempts }),
    /** To the deployment before the one after which the trouble began; left out where it began after none. */
    z.strictObject({ do: z.literal('rollback'), ...attempts }),
    /** So many replicas more, up to `most`. */
    z.strictObject({ do: z.literal('scale'), by: z.int().min(1).max(10).default(1), most: z.int().min(1).max(50), ...attempts }),
    /** A command of Helix that automation may call, with exactly these arguments. */
    z.strictObject({
      ...{ do: z.literal('run'), command: z.string().min(1).max(100) },
      arguments: z.record(z.string(), z.union([z.string().max(2_000), z.number(), z.boolean()])).default({}),
      ...attempts,
    }),
  ],
  'must be restart, redeploy, rollback, scale or run',
)
export type HealStep = z.output<typeof step>

/** As people write them, `restart x2, rollback`, or one after the other. */
const steps = z.unknown().transform(readSteps).pipe(z.array(step).min(1).max(5))
const longestText = 500

function readSteps(written: unknown, context: z.RefinementCtx): unknown {
  if (typeof written !== 'string') return written
  try {
    if (written.length > longestText) throw new NoSteps(`there are more than ${longestText} characters`)
    return parseSteps(written)
  } catch (error) {
    if (!(error instanceof NoSteps)) throw error
    context.addIssue({ code: 'custom', message: `cannot be read: ${error.message}` })
    return z.NEVER
  }
}

/** The one definition of what a healing policy is. */
export const healRules = z.strictObject({
  when: condition,
  /** One after the other; after the last it stops, and people are called. */
  steps: steps.default([
    { do: 'restart', attempts: 1 },
    { do: 'redeploy', attempts: 1 },
    { do: 'rollback', attempts: 1 },
  ]),
  /** After an act, how long the service has to become well before the next. */
  wait: span(10_000, DAY).default(2 * MINUTE),
  /** How long it has to be well before the first rung counts again: what falls ill sooner goes on where it was. */
  settle: span(0, 7 * DAY).default(10 * MINUTE),
  /** At most so many acts an hour, whatever they are. */
  perHour: z.int().min(1).max(60).default(6),
  /** What the service may cost by what the policy does, in dollars a month; scaling further is left out. */
  dollars: z.number('must be a number, in dollars').positive('must be more than 0').max(100_000).optional(),
})
export type HealRules = z.output<typeof healRules>
export type WrittenHealRules = z.input<typeof healRules>
