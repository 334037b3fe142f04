import type { Argument } from '../argument.ts'
import { UserError } from '../errors.ts'
import { asText } from './as-text.ts'

/** A whole number within bounds, both included. */
export function integer(describe: string, { min, max }: { readonly min: number; readonly max: number }): Argument<number> {
  return {
    describe,
    shape: { type: 'integer', min, max },
    required: true,
    async read(raw) {
      const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw
      if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value
      throw new UserError(`“${asText(raw)}” is not a whole number from ${min} to ${max}, so nothing was done.`)
    },
  }
}
