import type { ComponentData, LiveMessage } from './live-message.ts'
import { flatten } from './live-message.ts'

export type OptionValue = string | number | boolean
export type OptionValues = Readonly<Record<string, OptionValue>>
export type ModalValues = Readonly<Record<string, string | readonly string[]>>

export interface OptionData {
  readonly type: number
  readonly name: string
  readonly options?: readonly OptionData[]
}

export interface CommandData {
  readonly id: string
  readonly application_id: string
  readonly version: string
  readonly name: string
  readonly description: string
  readonly guild_id?: string
  readonly options?: readonly OptionData[]
}

/** The `data` of a slash command, `env set`: its options typed as the command defines them, inside their group and subcommand. */
export function commandData(command: CommandData, path: readonly string[], options: OptionValues, focused?: string): object {
  const { id, version, name, guild_id } = command
  return {
    id,
    version,
    name,
    type: 1,
    options: nest(command, path, options, focused),
    attachments: [],
    ...(guild_id ? { guild_id } : {}),
  }
}

/** A modal's component with what is filled in, by custom id. */
export function fill(component: ComponentData, values: ModalValues): object {
  const value = component.custom_id === undefined ? undefined : values[component.custom_id]
  return {
    type: component.type,
    ...(component.custom_id === undefined ? {} : { custom_id: component.custom_id }),
    ...(value === undefined ? {} : typeof value === 'string' ? { value } : { values: value }),
    ...(component.components ? { components: component.components.map((child) => fill(child, values)) } : {}),
    ...(component.component ? { component: fill(component.component, values) } : {}),
  }
}

export function buttonOf(message: LiveMessage, label: string): ComponentData {
  return find(message, `button "${label}"`, (each) => each.type === 2 && each.label === label)
}

/** By custom id or placeholder. */
export function selectOf(message: LiveMessage, select: string): ComponentData {
  return find(message, `select "${select}"`, (each) => each.custom_id === select || each.placeholder === select)
}

function find(message: LiveMessage, what: string, matches: (component: ComponentData) => boolean): ComponentData {
  const component = flatten(message.data.components).find((each) => each.custom_id !== undefined && matches(each))
  if (!component) throw new Error(`no ${what} on message ${message.id}: ${message.text} [${message.buttons}]`)
  return component
}

function nest(at: { options?: readonly OptionData[] }, path: readonly string[], options: OptionValues, focused?: string): object[] {
  const [head, ...rest] = path
  const known = (name: string) => {
    const found = at.options?.find((option) => option.name === name)
    if (!found) throw new Error(`no option ${name} in ${at.options?.map((each) => each.name)}`)
    return found
  }
  if (head !== undefined) return [{ type: known(head).type, name: head, options: nest(known(head), rest, options, focused) }]
  return Object.entries(options).map(([name, value]) => ({
    type: known(name).type,
    name,
    value,
    ...(name === focused ? { focused: true } : {}),
  }))
}
