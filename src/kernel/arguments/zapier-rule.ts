import type { Argument } from '../argument.ts'
import type { RuleRef } from '../directory.ts'
import { UserError } from '../errors.ts'
import { asText } from './as-text.ts'
import { findNamed } from './find-named.ts'
import { didYouMean, ranked } from './nearest.ts'

/** A rule of the Zapier service, by its name or its id. */
export function zapierRule(describe: string): Argument<RuleRef> {
  return {
    describe,
    shape: { type: 'string', maxLength: 100 },
    required: true,
    async read(raw, { directory }) {
      const typed = asText(raw).trim()
      const known = findNamed(typed, await directory.rules()) ?? findNamed(typed, await directory.rules('fresh'))
      if (known) return known
      const names = (await directory.rules()).map(({ name }) => name)
      const hint = didYouMean(typed, names, names.length > 0 ? '/zapier rules shows them all.' : 'There is none yet.')
      throw new UserError(`There is no rule “${typed}”, so nothing was done. ${hint}`)
    },
    async suggest(typed, { directory }) {
      const names = (await directory.rules().catch(none)).map(({ name }) => name)
      return ranked(typed, names).map((name) => ({ name, value: name }))
    },
  }
}

/** Without the service there is nothing to offer; the command itself says what is missing. */
function none(error: unknown): readonly RuleRef[] {
  if (error instanceof UserError) return []
  throw error
}
