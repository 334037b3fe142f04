import type { Argument, Reading } from '../argument.ts'
import type { Command } from '../command.ts'
import type { CommandBook } from '../command-book.ts'
import { UserError } from '../errors.ts'
import { orList } from '../say.ts'
import { asText } from './as-text.ts'
import { nearest, ranked } from './nearest.ts'

export interface Only {
  readonly holds: (command: Command) => boolean
  /** What to say of another one, after its name: `is for people only.` */
  readonly otherwise: string
}

/**
 * A command that can be typed, as it is typed (`/env set`, with or without the slash); where `only` is given, one for which that holds. Reads to
 * its leaf: `env.set`. With `folders` a folder of commands is read as well: `env`.
 */
export function commandName(describe: string, only?: Only, folders = false): Argument<string> {
  const offered = ({ book }: Reading) =>
    typed(book)
      .filter(([, command]) => only?.holds(command) ?? true)
      .map(([name]) => name)
  return {
    describe,
    shape: { type: 'string', maxLength: 100 },
    said: 'command',
    required: true,
    async read(raw, reading) {
      const given = asText(raw).trim()
      const all = offered(reading)
      const plain = given
        .replace(/^\//, '')
        .replaceAll(/[\s.]+/g, ' ')
        .toLowerCase()
      if (all.includes(plain) || (folders && all.some((name) => name.startsWith(`${plain} `)))) return plain.replaceAll(' ', '.')
      if (only && typed(reading.book).some(([name]) => name === plain)) throw new UserError(`/${plain} ${only.otherwise}`)
      const near = nearest(plain, all).map((name) => `/${name}`)
      throw new UserError(
        `There is no command “${given}”. ${near.length > 0 ? `Did you mean ${orList(near)}? ` : ''}/help alone lists them all.`,
      )
    },
    async suggest(prefix, reading) {
      return ranked(prefix, offered(reading)).map((name) => ({ name: `/${name}`, value: name }))
    },
  }
}

function typed(book: CommandBook | undefined): readonly (readonly [string, Command])[] {
  const commands = [...(book ?? [])].filter(([, { doors }]) => doors.includes('slash'))
  return commands.map(([leaf, command]) => [leaf.replaceAll('.', ' '), command])
}
