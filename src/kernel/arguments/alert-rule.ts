import type { Argument } from '../argument.ts'
import { ranked } from './nearest.ts'
import { text } from './text.ts'

/** An alert rule by its name; the alerts themselves say whether there is one. */
export function alertRule(describe = 'the rule’s name'): Argument<string> {
  return {
    ...text(describe, { max: 50 }),
    async suggest(typed, { place, directory }) {
      const names = await directory.alertRules(place)
      return ranked(typed, names).map((name) => ({ name, value: name }))
    },
  }
}
