import { type ApplicationCommand, type CommandOption, optionTypes } from '#playground/page/wire.ts'

/** What can be run: a command without subcommands, or one subcommand. */
export interface Leaf {
  readonly command: ApplicationCommand
  /** Subcommand group and subcommand, where there are. */
  readonly path: readonly string[]
  /** As typed after the slash: `stack up`. */
  readonly name: string
  readonly description: string
  /** Required ones first, as Discord demands. */
  readonly options: readonly CommandOption[]
}

/** Takes slash commands (type 1) apart into what can be run, by name. */
export function leavesOf(commands: readonly ApplicationCommand[]): readonly Leaf[] {
  return commands
    .filter((command) => (command.type ?? 1) === 1)
    .flatMap((command) => unfold(command, [], command.description, command.options ?? []))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function unfold(command: ApplicationCommand, path: readonly string[], description: string, options: readonly CommandOption[]): Leaf[] {
  const nested = options.filter(({ type }) => type === optionTypes.subcommand || type === optionTypes.group)
  if (nested.length > 0)
    return nested.flatMap((option) => unfold(command, [...path, option.name], option.description, option.options ?? []))
  return [{ command, path, name: [command.name, ...path].join(' '), description, options }]
}

/** Those that the text after the slash may mean: first names that begin with it, then names and descriptions that contain it. */
export function matchingLeaves(leaves: readonly Leaf[], typed: string): readonly Leaf[] {
  const query = typed.trim().toLowerCase()
  const rank = ({ name, description }: Leaf) => {
    if (name.startsWith(query)) return 0
    if (name.includes(query)) return 1
    return description.toLowerCase().includes(query) ? 2 : 3
  }
  return leaves.filter((leaf) => rank(leaf) < 3).sort((a, b) => rank(a) - rank(b))
}
