import type { Argument } from '../argument.ts'
import type { AgentRef } from '../directory.ts'
import { UserError } from '../errors.ts'
import { asText } from './as-text.ts'
import { findNamed } from './find-named.ts'
import { didYouMean, ranked } from './nearest.ts'

/** An agent that the orchestrator knows, by its id or its name. */
export function agent(describe: string): Argument<AgentRef> {
  return {
    describe,
    shape: { type: 'string', maxLength: 100 },
    said: 'agent',
    required: true,
    async read(raw, { directory }) {
      const typed = asText(raw).trim()
      const known = findNamed(typed, await directory.agents()) ?? findNamed(typed, await directory.agents('fresh'))
      if (known) return known
      const ids = (await directory.agents()).map(({ id }) => id)
      const hint = didYouMean(typed, ids, ids.length > 0 ? '/agents list shows them all.' : 'None has registered yet.')
      throw new UserError(`There is no agent “${typed}”, so nothing was done. ${hint}`)
    },
    async suggest(typed, { directory }) {
      const byLabel = new Map(
        (await directory.agents().catch(nobody)).filter(({ id }) => id.length <= 100).map((each) => [label(each), each.id]),
      )
      return ranked(typed, [...byLabel.keys()]).map((name) => ({ name, value: byLabel.get(name)! }))
    },
  }
}

/** Without an orchestrator there is nobody to offer; the command itself says what is missing. */
function nobody(error: unknown): readonly AgentRef[] {
  if (error instanceof UserError) return []
  throw error
}

function label({ id, name }: AgentRef): string {
  return (name === id ? id : `${id} (${name})`).slice(0, 100)
}
