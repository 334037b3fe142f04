import type { Argument } from '../argument.ts'
import { UserError } from '../errors.ts'
import { asText } from './as-text.ts'

/** A number within bounds, both included: `7`, `7.5`. */
export function decimal(describe: string, { min, max }: { readonly min: number; readonly max: number }): Argument<number> {
  return {
    describe,
    shape: { type: 'string', maxLength: 10 },
    required: true,
    async read(raw) {
      const typed = asText(raw).trim()
      const value = /^-?\d{1,6}([.,]\d{1,6})?$/.test(typed) ? Number(typed.replace(',', '.')) : Number.NaN
      if (value >= min && value <= max) return value
      throw new UserError(`“${typed}” is not a number from ${min} to ${max}, so nothing was done.`)
    },
  }
}
