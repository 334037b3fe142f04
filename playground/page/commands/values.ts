import { type CommandOption, optionTypes } from '#playground/page/wire.ts'
import type { Leaf } from './leaf.ts'

/** One option as filled in: what is shown, and what is sent once something was picked from a list. */
export interface Filled {
  readonly text: string
  readonly picked?: string | number | boolean
}

/** By option name, in the order in which they were added. */
export type Draft = Readonly<Record<string, Filled>>

export interface SentOption {
  readonly type: number
  readonly name: string
  readonly value?: string | number | boolean
  readonly focused?: true
  readonly options?: readonly SentOption[]
}

/** What is wrong with an option as filled in, as a sentence; undefined where nothing is. */
export function problemOf(option: CommandOption, filled: Filled | undefined): string | undefined {
  const text = filled?.text.trim() ?? ''
  if (text === '') return option.required ? 'This option is required.' : undefined
  const value = readValue(option, filled)
  if (value === undefined) return expected(option)
  if (typeof value === 'number') return outOfRange(value, option.min_value, option.max_value, '')
  if (typeof value === 'string' && option.type === optionTypes.string)
    return outOfRange(value.length, option.min_length, option.max_length, ' characters')
  return undefined
}

/** Every option with a problem, in the command's order. */
export function problemsOf(leaf: Leaf, draft: Draft): readonly { readonly option: string; readonly problem: string }[] {
  return leaf.options.flatMap((option) => {
    const problem = problemOf(option, draft[option.name])
    return problem ? [{ option: option.name, problem }] : []
  })
}

/** `data.options` of the interaction. For autocomplete name the focused option: its value goes as typed, and unreadable others are left out. */
export function toOptions(leaf: Leaf, draft: Draft, focused?: string): readonly SentOption[] {
  const options = leaf.options.flatMap((option): SentOption[] => {
    const filled = draft[option.name]
    if (option.name === focused) return [{ type: option.type, name: option.name, value: filled?.text ?? '', focused: true }]
    if (!filled || filled.text.trim() === '') return []
    const value = readValue(option, filled)
    return value === undefined ? [] : [{ type: option.type, name: option.name, value }]
  })
  // The innermost is the subcommand; what holds it is a group.
  return leaf.path.toReversed().reduce<readonly SentOption[]>((inner, name, depth) => {
    return [{ type: depth === 0 ? optionTypes.subcommand : optionTypes.group, name, options: inner }]
  }, options)
}

function readValue(option: CommandOption, filled: Filled | undefined): string | number | boolean | undefined {
  if (filled?.picked !== undefined) return filled.picked
  const text = filled?.text.trim() ?? ''
  if (option.choices) return option.choices.find(({ name, value }) => sameText(name, text) || sameText(String(value), text))?.value
  switch (option.type) {
    case optionTypes.string:
      return text
    case optionTypes.integer:
      return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined
    case optionTypes.number:
      return /^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : undefined
    case optionTypes.boolean:
      return sameText(text, 'true') ? true : sameText(text, 'false') ? false : undefined
    default:
      return /(\d{17,20})/.exec(text)?.[1]
  }
}

function expected({ choices, type }: CommandOption): string {
  if (choices) return 'Pick one from the list.'
  if (type === optionTypes.integer) return 'Enter a whole number.'
  if (type === optionTypes.number) return 'Enter a number.'
  if (type === optionTypes.boolean) return 'Enter True or False.'
  if (type === optionTypes.attachment) return 'Files cannot be sent from the playground.'
  return 'Pick one from the list.'
}

function outOfRange(size: number, least: number | undefined, most: number | undefined, unit: string): string | undefined {
  if (least !== undefined && size < least) return `At least ${least}${unit}.`
  if (most !== undefined && size > most) return `At most ${most}${unit}.`
  return undefined
}

function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
