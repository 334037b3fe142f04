import { z } from 'zod'
import { sayDuration } from '#src/kernel/arguments/duration.ts'
import { amount, figure } from '#src/kernel/units.ts'

/** A figure that a rule compares with. */
export interface Limit {
  /** In what the kind is measured in, or from 0 to 1 of a whole. */
  readonly value: number
  readonly share: boolean
}

/** What a kind is measured in, and how that is written and said. */
export interface Measure {
  readonly schema: z.ZodType<Limit, string | number>
  say(limit: Limit): string
}

const percent = /^(\d{1,4}(?:\.\d{1,4})?)\s*%$/
const plain = /^\d{1,9}(?:\.\d{1,6})?$/
const dollars = /^\$?\s*(\d{1,7}(?:\.\d{1,2})?)\s*(?:USD)?$/i
const time = /^(\d{1,7}(?:\.\d{1,3})?)\s*(ms|s)$/

/** `90%` of what may be used, or an amount in that unit. */
export function used(unit: string): Measure {
  return measure(`must be a share such as 90% or an amount in ${unit} such as 1.5`, (text) => shareOf(text) ?? numberOf(text), {
    ...{ own: (value) => amount(value, unit) },
  })
}

/** `5%`. */
export const share: Measure = measure('must be a share such as 5%', shareOf, { own: figure })

/** `800ms`, `2s`. */
export const latency: Measure = measure('must be a time such as 800ms or 2s', timeOf, { own: sayDuration })

/** `$20`, `20`: in USD. */
export const money: Measure = measure('must be an amount in dollars such as $20', dollarsOf, { own: sayDollars })

/** `50%`, `300%`: so much more than usual. */
export const growth: Measure = measure('must be so much more than usual, such as 50%', growthOf, { own: figure })

/** `$12.50`, `$1,200`. */
export function sayDollars(value: number): string {
  const digits = value < 100 ? 2 : 0
  return `$${value.toLocaleString('en', { minimumFractionDigits: Number.isInteger(value) ? 0 : digits, maximumFractionDigits: digits })}`
}

/** `7.5`, with what it is a number of. */
export function number(unit: string): Measure {
  return measure('must be a number such as 7.5, not less than 0', numberOf, { own: (value) => `${figure(value)}${unit}` })
}

function measure(fault: string, read: (text: string) => Limit | undefined, say: { own(value: number): string }): Measure {
  const schema = z.union([z.number(), z.string().max(20)], fault).transform((written, context) => {
    const limit = read(String(written).trim())
    if (limit) return limit
    context.addIssue({ code: 'custom', message: fault })
    return z.NEVER
  })
  return { schema, say: ({ value, share: isShare }) => (isShare ? `${figure(value * 100)} %` : say.own(value)) }
}

function shareOf(text: string): Limit | undefined {
  const [, hundredths] = percent.exec(text) ?? []
  const value = Number(hundredths) / 100
  return value <= 1 ? { value, share: true } : undefined
}

function dollarsOf(text: string): Limit | undefined {
  const [, value] = dollars.exec(text) ?? []
  return value === undefined ? undefined : { value: Number(value), share: false }
}

function growthOf(text: string): Limit | undefined {
  const [, hundredths] = percent.exec(text) ?? []
  return Number(hundredths) > 0 ? { value: Number(hundredths) / 100, share: true } : undefined
}

function numberOf(text: string): Limit | undefined {
  return plain.test(text) ? { value: Number(text), share: false } : undefined
}

function timeOf(text: string): Limit | undefined {
  const [, count, unit] = time.exec(text) ?? []
  return count === undefined ? undefined : { value: Number(count) * (unit === 's' ? 1_000 : 1), share: false }
}
