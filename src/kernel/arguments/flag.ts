import type { Argument } from '../argument.ts'
import { UserError } from '../errors.ts'
import { asText } from './as-text.ts'

/** Yes or no; left out: no. `said`: the words that mean yes where it is spoken. */
export function flag(describe: string, { said }: { readonly said?: readonly string[] } = {}): Argument<boolean> {
  return {
    describe,
    shape: { type: 'boolean' },
    ...(said && { said }),
    required: false,
    async read(raw) {
      if (raw === undefined || raw === null || raw === '') return false
      if (typeof raw === 'boolean') return raw
      if (raw === 'true' || raw === 'false') return raw === 'true'
      throw new UserError(`“${asText(raw)}” is neither true nor false, so nothing was done.`)
    },
  }
}
