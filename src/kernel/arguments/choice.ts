import type { Argument } from '../argument.ts'
import { UserError } from '../errors.ts'
import { orList } from '../say.ts'
import { asText } from './as-text.ts'

/** One of a few words. */
export function choice<const Options extends readonly string[]>(describe: string, options: Options): Argument<Options[number]> {
  return {
    describe,
    shape: { type: 'string', choices: options },
    required: true,
    async read(raw) {
      const found = options.find((option) => option === raw)
      if (found !== undefined) return found
      throw new UserError(`“${asText(raw)}” is not one of ${orList(options)}, so nothing was done.`)
    },
  }
}
