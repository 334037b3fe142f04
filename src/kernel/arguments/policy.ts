import type { PolicyKind } from '#src/policies/policy.ts'
import type { Argument } from '../argument.ts'
import { ranked } from './nearest.ts'
import { text } from './text.ts'

/** A policy of one kind by its name; the policies themselves say whether there is one. */
export function policy(kind: PolicyKind, describe = 'the policy’s name'): Argument<string> {
  return {
    ...text(describe, { max: 50 }),
    async suggest(typed, { place, directory }) {
      const names = await directory.policies(place, kind)
      return ranked(typed, names).map((name) => ({ name, value: name }))
    },
  }
}
