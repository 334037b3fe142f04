import type { Argument } from '../argument.ts'
import { UserError } from '../errors.ts'
import { asText } from './as-text.ts'

/** A line of text. */
export function text(describe: string, { max = 200 }: { readonly max?: number } = {}): Argument<string> {
  return {
    describe,
    shape: { type: 'string', minLength: 1, maxLength: max },
    said: 'text',
    required: true,
    async read(raw) {
      const value = asText(raw).trim()
      if (value !== '' && value.length <= max) return value
      throw new UserError(`The text must have 1 to ${max} characters, so nothing was done.`)
    },
  }
}
