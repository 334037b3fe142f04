import type { Argument } from '../argument.ts'
import { ranked } from './nearest.ts'
import { text } from './text.ts'

/** Most that Discord takes. */
const MOST = 25

/** An IANA time zone, such as `Europe/Berlin`; whether it is one, whoever uses it says. Suggests by any part of the name. */
export function timeZone(describe: string): Argument<string> {
  return {
    ...text(describe, { max: 60 }),
    async suggest(typed) {
      const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')]
      return ranked(typed, zones)
        .slice(0, MOST)
        .map((name) => ({ name, value: name }))
    },
  }
}
