import { type CommandOption, optionTypes } from '#playground/page/wire.ts'
import type { Leaf } from './leaf.ts'
import type { Draft, Filled } from './values.ts'

/** A row of the list above the composer. */
export interface Item {
  readonly label: string
  readonly detail?: string
  readonly value: string | number | boolean
}

interface Directory {
  readonly users: readonly { readonly id: string; readonly name: string }[]
  readonly roles: readonly { readonly id: string; readonly name: string }[]
  readonly channels: readonly { readonly id: string; readonly name: string }[]
}

/** What can be picked for an option without asking the bot; undefined where anything may be typed. */
export function itemsFor(option: CommandOption, filled: Filled | undefined, directory: Directory): readonly Item[] | undefined {
  const all = allItems(option, directory)
  const query = filled?.picked === undefined ? (filled?.text.trim().toLowerCase() ?? '') : ''
  return all?.filter(({ label }) => label.toLowerCase().includes(query)).slice(0, 25)
}

/** Optional options that are not shown yet. */
export function remainingOptions(leaf: Leaf, shown: readonly string[], typed: string): readonly CommandOption[] {
  return leaf.options.filter(({ name }) => !shown.includes(name) && name.includes(typed.trim().toLowerCase()))
}

/** Where to go after an option was filled: the next required one that is empty, else undefined. */
export function nextRequired(leaf: Leaf, draft: Draft): string | undefined {
  return leaf.options.find(({ name, required }) => required && !draft[name]?.text.trim())?.name
}

function allItems({ type, choices }: CommandOption, { users, roles, channels }: Directory): readonly Item[] | undefined {
  const named = (prefix: string, list: readonly { id: string; name: string }[]) =>
    list.map(({ id, name }) => ({ label: `${prefix}${name}`, value: id }))
  if (choices) return choices.map(({ name, value }) => ({ label: name, value }))
  switch (type) {
    case optionTypes.boolean:
      return [
        { label: 'True', value: true },
        { label: 'False', value: false },
      ]
    case optionTypes.user:
      return named('@', users)
    case optionTypes.role:
      return named('@', roles)
    case optionTypes.mentionable:
      return [...named('@', users), ...named('@', roles)]
    case optionTypes.channel:
      return named('#', channels)
    default:
      return undefined
  }
}
