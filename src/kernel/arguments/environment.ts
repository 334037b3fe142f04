import type { Argument } from '../argument.ts'
import type { EnvironmentRef } from '../directory.ts'
import { UserError } from '../errors.ts'
import { andList } from '../say.ts'
import { asText } from './as-text.ts'
import { findNamed } from './find-named.ts'
import { didYouMean, ranked } from './nearest.ts'

/** The environment a call is about; left out, it is the place's own. Read before the other arguments, which then mean that environment. */
export function environment(describe = 'the environment; left out: this server’s own'): Argument<EnvironmentRef | undefined> {
  return {
    describe,
    shape: { type: 'string', maxLength: 100 },
    said: 'environment',
    required: false,
    narrows: 'environment',
    async read(raw, { place, directory }) {
      const typed = asText(raw)
      if (typed === '') return undefined
      const found = findNamed(typed, await directory.environments(place)) ?? findNamed(typed, await directory.environments(place, 'fresh'))
      if (found) return found
      const names = (await directory.environments(place)).map(({ name }) => name)
      const hint = didYouMean(typed, names, `The project has ${andList(names) || 'none that the token reaches'}.`)
      throw new UserError(`There is no environment “${typed}”, so nothing was done. ${hint}`)
    },
    async suggest(typed, { place, directory }) {
      const names = (await directory.environments(place)).map(({ name }) => name)
      return ranked(typed, names).map((name) => ({ name, value: name }))
    },
  }
}
