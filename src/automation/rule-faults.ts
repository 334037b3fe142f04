import { isAutomatable } from '#src/kernel/automatable.ts'
import type { Command } from '#src/kernel/command.ts'
import type { CommandBook } from '#src/kernel/command-book.ts'
import type { RuleVersion } from './automation.ts'

/** Why a rule's call could never work, in a sentence; undefined where it can. */
export function ruleFault(version: Pick<RuleVersion, 'command' | 'arguments' | 'environment'>, book: CommandBook): string | undefined {
  const { command: name, arguments: given, environment } = version
  const command = book.get(name)
  const shown = `/${name.replaceAll('.', ' ')}`
  if (!command) return `There is no command ${shown}.`
  if (!isAutomatable(command)) return `${shown} is for people only: automation may not call it.`
  const names = Object.keys(command.arguments)
  const stray = Object.keys(given).find((each) => !names.includes(each) || each === environmentArgument(command))
  if (stray !== undefined) return `${shown} has no option “${stray}” for a rule.`
  const missing = names.find((each) => command.arguments[each]!.required && given[each] === undefined)
  if (missing !== undefined) return `${shown} needs “${missing}” (${command.arguments[missing]!.describe}).`
  if (environment !== undefined && environmentArgument(command) === undefined) return `${shown} is not about an environment.`
  return undefined
}

/** The option of a command that says which environment it is about. */
export function environmentArgument(command: Command): string | undefined {
  return Object.keys(command.arguments).find((name) => command.arguments[name]!.narrows === 'environment')
}
