import type { Argument } from '#src/kernel/argument.ts'

/** A slash command's option as Discord takes it. */
export interface SlashOption {
  readonly type: number
  readonly name: string
  readonly description: string
  readonly required?: boolean
  readonly autocomplete?: boolean
  readonly choices?: readonly { readonly name: string; readonly value: string }[]
  readonly min_value?: number
  readonly max_value?: number
  readonly min_length?: number
  readonly max_length?: number
  readonly options?: readonly SlashOption[]
}

export const optionType = { subcommand: 1, group: 2, string: 3, integer: 4, boolean: 5 } as const

/** Discord's limit on the length of a string option. */
const longest = 6_000

/** https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-option-structure */
export function slashOption(name: string, argument: Argument<unknown>): SlashOption {
  const { shape, describe, required, suggest } = argument
  const option = { type: optionType[shape.type], name, description: describe, required }
  switch (shape.type) {
    case 'boolean':
      return option
    case 'integer':
      return {
        ...option,
        ...(shape.min !== undefined && { min_value: shape.min }),
        ...(shape.max !== undefined && { max_value: shape.max }),
        ...(suggest && { autocomplete: true }),
      }
    case 'string':
      return {
        ...option,
        ...(shape.minLength !== undefined && { min_length: shape.minLength }),
        ...(shape.maxLength !== undefined && { max_length: Math.min(shape.maxLength, longest) }),
        ...(shape.choices
          ? { choices: shape.choices.map((choice) => ({ name: choice, value: choice })) }
          : suggest && { autocomplete: true }),
      }
  }
}
