import type { Argument, Reading } from '../argument.ts'
import { UserError } from '../errors.ts'
import { orList } from '../say.ts'
import { asText } from './as-text.ts'
import { nearest, ranked } from './nearest.ts'

/** A command that can be typed, as it is typed (`/env set`, with or without the slash). Reads to its leaf: `env.set`. */
export function commandName(describe: string): Argument<string> {
  return {
    describe,
    shape: { type: 'string', maxLength: 100 },
    said: 'command',
    required: true,
    async read(raw, reading) {
      const typed = asText(raw).trim()
      const all = typedNames(reading)
      const plain = typed
        .replace(/^\//, '')
        .replaceAll(/[\s.]+/g, ' ')
        .toLowerCase()
      if (all.includes(plain)) return plain.replaceAll(' ', '.')
      const near = nearest(plain, all).map((name) => `/${name}`)
      throw new UserError(
        `There is no command “${typed}”. ${near.length > 0 ? `Did you mean ${orList(near)}? ` : ''}/help alone lists them all.`,
      )
    },
    async suggest(typed, reading) {
      return ranked(typed, typedNames(reading)).map((name) => ({ name: `/${name}`, value: name }))
    },
  }
}

function typedNames({ book }: Reading): readonly string[] {
  return [...(book ?? [])].filter(([, { doors }]) => doors.includes('slash')).map(([leaf]) => leaf.replaceAll('.', ' '))
}
