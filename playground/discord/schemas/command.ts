import { z } from 'zod'
import { fail, list, readForm, snowflake, text } from './form-errors.ts'

/** https://docs.discord.com/developers/interactions/application-commands#application-command-object */
const name = text(1, 32).refine((value) => /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u.test(value) && value === value.toLowerCase(), {
  message: 'Command name is invalid',
  params: { code: 'APPLICATION_COMMAND_INVALID_NAME' },
})
const localizations = z.record(z.string(), z.string()).nullish()
const choice = z.object({ name: text(1, 100), name_localizations: localizations, value: z.union([text(0, 100), z.number()]) })

const base = { name, name_localizations: localizations, description: text(1, 100), description_localizations: localizations }
const value = z
  .object({
    ...base,
    type: z.literal([3, 4, 5, 6, 7, 8, 9, 10, 11]),
    required: z.boolean().nullish(),
    autocomplete: z.boolean().nullish(),
    choices: list(choice, 0, 25).nullish(),
    channel_types: z.array(z.int()).nullish(),
    min_value: z.number().nullish(),
    max_value: z.number().nullish(),
    min_length: z.int().min(0).max(6000).nullish(),
    max_length: z.int().min(1).max(6000).nullish(),
  })
  .superRefine((option, context) => {
    if (option.autocomplete && option.choices?.length) {
      fail(
        context,
        ['autocomplete'],
        'APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES',
        'An option cannot have both choices and autocomplete',
      )
    }
    if (option.autocomplete && ![3, 4, 10].includes(option.type)) {
      fail(
        context,
        ['autocomplete'],
        'APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_TYPE',
        'Only string, integer and number options can be completed',
      )
    }
    const given = option.choices?.map((each) => each.value) ?? []
    for (const [index, each] of given.entries()) {
      if ((option.type === 3) === (typeof each === 'string')) continue
      fail(context, ['choices', index, 'value'], 'BASE_TYPE_BAD_TYPE', `The value does not fit an option of type ${option.type}`)
    }
  })

const values = list(value, 0, 25).superRefine(checkOrder)
const subcommand = z.object({ ...base, type: z.literal(1), options: values.nullish() })
const group = z.object({ ...base, type: z.literal(2), options: list(subcommand, 1, 25).superRefine(checkNames) })
const options = list(z.discriminatedUnion('type', [value, subcommand, group]), 0, 25).superRefine((all, context) => {
  checkOrder(all, context)
  const nested = all.filter(({ type }) => type <= 2).length
  if (nested > 0 && nested < all.length) {
    fail(
      context,
      [],
      'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
      'Sub-command and sub-command group option types are mutually exclusive to all other types',
    )
  }
})

const shared = {
  id: snowflake.nullish(),
  name_localizations: localizations,
  default_member_permissions: z.string().regex(/^\d+$/).nullish(),
  dm_permission: z.boolean().nullish(),
  contexts: z.array(z.literal([0, 1, 2])).nullish(),
  integration_types: z.array(z.literal([0, 1])).nullish(),
  nsfw: z.boolean().nullish(),
}
const slash = z.object({ ...base, ...shared, type: z.literal(1), options: options.nullish() })
const menu = z.object({ ...shared, type: z.literal([2, 3]), name: text(1, 32), description: z.literal('').nullish() })

const command = z.preprocess(
  (body) => (body !== null && typeof body === 'object' ? { ...body, type: (body as { type?: unknown }).type ?? 1 } : body),
  z.discriminatedUnion('type', [slash, menu]).superRefine((value, context) => {
    if (characters(value) > 8000) fail(context, [], 'APPLICATION_COMMAND_TOO_LARGE', 'Command exceeds maximum size (8000)')
  }),
)

export type CommandForm = z.infer<typeof command>

/** Reads one command. Refuses 50035. */
export const readCommand = (body: unknown): CommandForm => readForm(command, body)
/** Reads all commands of a scope. Refuses 50035. */
export const readCommands = (body: unknown): readonly CommandForm[] =>
  readForm(
    z.array(command).superRefine((all, context) => {
      const keys = all.map(({ type, name }) => `${type} ${name}`)
      keys.forEach((key, index) => {
        if (keys.indexOf(key) !== index)
          fail(context, [index, 'name'], 'APPLICATION_COMMANDS_DUPLICATE_NAME', 'Application command names must be unique')
      })
    }),
    body,
  )

function checkOrder(
  all: readonly { readonly name: string; readonly required?: boolean | null | undefined; readonly type: number }[],
  context: z.RefinementCtx,
) {
  checkNames(all, context)
  const optional = all.findIndex(({ type, required }) => type > 2 && !required)
  all.forEach(({ required }, index) => {
    if (!required || optional < 0 || index < optional) return
    fail(context, [index], 'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID', 'Required options must be placed before non-required options')
  })
}

function checkNames(all: readonly { readonly name: string }[], context: z.RefinementCtx) {
  all.forEach(({ name }, index) => {
    if (all.findIndex((other) => other.name === name) === index) return
    fail(context, [index, 'name'], 'APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE', 'Option name is a duplicate')
  })
}

interface Sized {
  readonly name?: string
  readonly name_localizations?: Record<string, string> | null | undefined
  readonly description?: string | null | undefined
  readonly description_localizations?: Record<string, string> | null | undefined
  readonly value?: string | number
  readonly choices?: readonly Sized[] | null | undefined
  readonly options?: readonly Sized[] | null | undefined
}

/** Names, descriptions and values summed up, the longest localisation counting. */
function characters(of: Sized): number {
  const longest = (word: string | null | undefined, other: Record<string, string> | null | undefined) =>
    Math.max(0, ...[word ?? '', ...Object.values(other ?? {})].map((each) => [...each].length))
  const own = longest(of.name, of.name_localizations) + longest(of.description, of.description_localizations)
  const inner = [...(of.choices ?? []), ...(of.options ?? [])].reduce((sum, each) => sum + characters(each), 0)
  return own + inner + (typeof of.value === 'string' ? [...of.value].length : 0)
}
