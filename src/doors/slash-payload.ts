import type { Command } from '#src/kernel/command.ts'
import type { CommandBook } from '#src/kernel/command-book.ts'
import { dryRun, dryRunName } from '#src/kernel/dry-run.ts'
import { checkSlash } from './slash-limits.ts'
import { optionType, type SlashOption, slashOption } from './slash-option.ts'

export interface SlashCommand {
  readonly type: 1
  readonly name: string
  readonly description: string
  readonly options: readonly SlashOption[]
  /** In servers only: there is no place in a direct message. */
  readonly contexts: readonly [0]
  readonly integration_types: readonly [0]
}

interface Branch {
  readonly leaf?: Command
  readonly children: Map<string, Branch>
}

/**
 * The book as Discord takes it: `env.set` becomes the subcommand `set` of `/env`. Commands without the slash door are left out.
 * `groups` describes the folders (`env`, or `env.sub`); a folder that is not in it lists what it holds. Throws an Error that names the
 * file where Discord would refuse.
 */
export function slashPayload(book: CommandBook, groups: Readonly<Record<string, string>> = {}): readonly SlashCommand[] {
  const root: Branch = { children: new Map() }
  for (const [name, command] of book) {
    if (command.doors.includes('slash')) plant(root, name, command)
  }
  const commands = [...root.children].map(([name, branch]) => ({
    type: 1 as const,
    name,
    description: branch.leaf?.describe ?? described([name], branch),
    options: branch.leaf ? leafOptions(name, branch.leaf) : childOptions([name], branch),
    contexts: [0] as const,
    integration_types: [0] as const,
  }))
  checkSlash(commands, (path) => fileOf(book, path))
  return commands

  function childOptions(path: readonly string[], { children }: Branch): readonly SlashOption[] {
    return [...children].map(([name, branch]) => {
      const own = [...path, name]
      if (branch.leaf) {
        return { type: optionType.subcommand, name, description: branch.leaf.describe, options: leafOptions(own.join('.'), branch.leaf) }
      }
      return { type: optionType.group, name, description: described(own, branch), options: childOptions(own, branch) }
    })
  }

  function described(path: readonly string[], { children }: Branch): string {
    const listed = [...children.keys()].join(', ')
    return groups[path.join('.')] ?? (listed.length <= 100 ? listed : `${listed.slice(0, 99)}…`)
  }
}

function plant(root: Branch, name: string, command: Command): void {
  const path = name.split('.')
  if (path.length > 3) throw new Error(`${leafFile(name)}: Discord takes a command, a group and a subcommand, no deeper`)
  let at = root
  for (const [depth, part] of path.entries()) {
    if (at.leaf) throw new Error(`${leafFile(path.slice(0, depth).join('.'))}: a command with subcommands cannot be called by itself`)
    const next = at.children.get(part) ?? { children: new Map() }
    at.children.set(part, next)
    at = next
  }
  if (at.children.size > 0) throw new Error(`${leafFile(name)}: a command with subcommands cannot be called by itself`)
  Object.assign(at, { leaf: command })
}

function leafOptions(name: string, command: Command): readonly SlashOption[] {
  if ('change' in command && dryRunName in command.arguments) {
    throw new Error(`${leafFile(name)}: ${dryRunName} comes by itself and cannot be an argument`)
  }
  const all = { ...command.arguments, ...('change' in command && { [dryRunName]: dryRun }) }
  const options = Object.entries(all).map(([option, argument]) => slashOption(option, argument))
  return [...options.filter(({ required }) => required), ...options.filter(({ required }) => !required)]
}

function leafFile(name: string): string {
  return `commands/${name.replaceAll('.', '/')}.ts`
}

/** The file of the longest beginning of a path that is a command; else the folder. */
function fileOf(book: CommandBook, path: readonly string[]): string {
  for (let length = path.length; length > 0; length -= 1) {
    const name = path.slice(0, length).join('.')
    if (book.has(name)) return leafFile(name)
  }
  return `commands/${path[0]}/`
}
