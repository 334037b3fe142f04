import type { Commands } from '../commands.ts'
import type { CommandOption, Member } from '../model.ts'
import { Refused } from '../refusals.ts'
import { formError } from '../schemas/form-errors.ts'
import { memberShape, roleShape } from '../shapes.ts'
import type { World } from '../world.ts'
import type { SubmittedOption } from './submission.ts'

interface Deps {
  readonly world: World
  readonly commands: Commands
}

interface Submitted {
  readonly id: string
  readonly version: string
  readonly options: readonly SubmittedOption[]
}

/** A slash command's `data` as the bot gets it. `partial`: while it is still being typed. Refuses 50013, 50035 and 10063. */
export function commandData({ id, version, options }: Submitted, member: Member, { world, commands }: Deps, partial: boolean): object {
  const command = world.commands.get(id)
  if (command?.type !== 1) throw new Refused('unknownCommand')
  if (!commands.open(member).includes(command)) throw new Refused('missingPermissions')
  if (command.version !== version) {
    throw formError(
      ['data'],
      'INTERACTION_APPLICATION_COMMAND_INVALID_VERSION',
      'This command is outdated, please try again in a few minutes',
    )
  }
  checkOptions(command.options ?? [], options, partial, ['data', 'options'])
  const resolved = resolve(leaves(options), world)
  return {
    id,
    name: command.name,
    type: 1,
    ...(command.guild_id ? { guild_id: command.guild_id } : {}),
    options: options.map((option) => shape(option, partial)),
    ...(Object.keys(resolved).length > 0 ? { resolved } : {}),
  }
}

function shape({ type, name, value, focused, options }: SubmittedOption, partial: boolean): object {
  if (options) return { type, name, options: options.map((option) => shape(option, partial)) }
  // What is being typed is a string, even where a number is wanted.
  return { type, name, value: partial && focused ? String(value ?? '') : value, ...(partial && focused ? { focused } : {}) }
}

function checkOptions(
  defined: readonly CommandOption[],
  given: readonly SubmittedOption[],
  partial: boolean,
  path: readonly string[],
): void {
  const nested = defined.some(({ type }) => type <= 2)
  if (nested && given.length !== 1) throw formError(path, 'BASE_TYPE_REQUIRED', 'A subcommand is required')
  given.forEach((option, index) => {
    const known = defined.find(({ name, type }) => name === option.name && type === option.type)
    if (!known) throw formError([...path, String(index), 'name'], 'INTERACTION_APPLICATION_COMMAND_OPTION_INVALID', 'Unknown option')
    if (known.type <= 2) checkOptions(known.options ?? [], option.options ?? [], partial, [...path, String(index), 'options'])
    else if (!partial) checkValue(known, option.value, [...path, String(index), 'value'])
  })
  const missing =
    partial || nested ? undefined : defined.find(({ name, required }) => required && !given.some((option) => option.name === name))
  if (missing) throw formError(path, 'INTERACTION_APPLICATION_COMMAND_OPTION_MISSING', `Required option ${missing.name} is missing`)
}

function checkValue(option: CommandOption, value: unknown, path: readonly string[]): void {
  const { type, choices, min_value, max_value, min_length, max_length } = option
  const wanted = type === 5 ? 'boolean' : type === 4 || type === 10 ? 'number' : 'string'
  if (typeof value !== wanted || (type === 4 && !Number.isInteger(value)))
    throw formError(path, 'BASE_TYPE_BAD_TYPE', `Not a value of type ${type}`)
  if (choices?.length && !choices.some((choice) => choice.value === value))
    throw formError(path, 'BASE_TYPE_CHOICES', 'Not one of the choices')
  const size = typeof value === 'string' ? [...value].length : Number(value)
  const [min, max] = typeof value === 'string' ? [min_length ?? 0, max_length ?? 6000] : [min_value ?? -(2 ** 53), max_value ?? 2 ** 53]
  if (typeof value !== 'boolean' && (size < min || size > max)) {
    throw formError(path, typeof value === 'string' ? 'BASE_TYPE_BAD_LENGTH' : 'NUMBER_TYPE_MAX', `Must be between ${min} and ${max}.`)
  }
}

function leaves(options: readonly SubmittedOption[]): readonly SubmittedOption[] {
  return options.flatMap((option) => (option.options ? leaves(option.options) : [option]))
}

/** The members, roles and channels that options name: https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-resolved-data-structure */
function resolve(options: readonly SubmittedOption[], { members, roles, channels }: World): Record<string, Record<string, unknown>> {
  const resolved: Record<string, Record<string, unknown>> = {}
  const put = (kind: string, id: string, what: unknown) => {
    resolved[kind] = { ...resolved[kind], [id]: what }
  }
  for (const { type, value } of options) {
    const id = String(value)
    const member = [6, 9].includes(type) ? members.get(id) : undefined
    const role = [8, 9].includes(type) ? roles.get(id) : undefined
    const channel = type === 7 ? channels.get(id) : undefined
    if (member) {
      const { user: _, ...rest } = memberShape(member) as { user: unknown }
      put('users', id, member.user)
      put('members', id, { ...rest, permissions: '0' })
    }
    if (role) put('roles', id, roleShape(role))
    if (channel) put('channels', id, { id, type: channel.type, name: channel.name, permissions: '0', parent_id: channel.parent_id })
  }
  return resolved
}
