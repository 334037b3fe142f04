import type { Argument } from '../argument.ts'
import { integer } from './integer.ts'

/** An incident by its number, with those that are not over as suggestions. */
export function incident(describe = 'the incident’s number'): Argument<number> {
  return {
    ...integer(describe, { min: 1, max: 1_000_000_000 }),
    async suggest(typed, { place, directory }) {
      const open = await directory.incidents(place)
      return open
        .filter(({ number, title }) => `${number} ${title}`.toLowerCase().includes(typed.trim().toLowerCase()))
        .slice(0, 25)
        .map(({ number, title }) => ({ name: `${number}: ${title}`.slice(0, 100), value: String(number) }))
    },
  }
}
