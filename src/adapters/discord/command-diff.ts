import { isDeepStrictEqual } from 'node:util'

type Fields = Readonly<Record<string, unknown>>

const optionDefaults = {
  type: undefined,
  name: '',
  name_localizations: null,
  description: '',
  description_localizations: null,
  required: false,
  autocomplete: false,
  choices: [],
  min_value: undefined,
  max_value: undefined,
  min_length: undefined,
  max_length: undefined,
  channel_types: [],
  options: [],
} as const

const commandDefaults = {
  type: 1,
  name: '',
  name_localizations: null,
  description: '',
  description_localizations: null,
  default_member_permissions: null,
  nsfw: false,
  options: [],
} as const

/** Only global commands have these, and Discord fills them in where they are left out. */
const globalDefaults = { contexts: null, integration_types: [0] } as const

/**
 * A line for each command that differs between what Discord has and what it should have: `+ scale`, `~ deploy (description)`,
 * `- old`. Empty where nothing does. What Discord adds of its own (ids, versions, defaults) is no difference.
 */
export function commandDiff(standing: readonly object[], wanted: readonly object[], scope: 'global' | 'guild'): readonly string[] {
  const defaults = scope === 'global' ? { ...commandDefaults, ...globalDefaults } : commandDefaults
  const before = byKey(standing, defaults)
  const after = byKey(wanted, defaults)
  const lines = [...after].flatMap(([key, command]) => {
    const old = before.get(key)
    if (!old) return [{ name: command.name, line: `+ ${command.name}` }]
    const changed = changes(old, command)
    return changed.length === 0 ? [] : [{ name: command.name, line: `~ ${command.name} (${changed.join(', ')})` }]
  })
  const gone = [...before].filter(([key]) => !after.has(key)).map(([, command]) => ({ name: command.name, line: `- ${command.name}` }))
  return [...lines, ...gone].sort((a, b) => String(a.name).localeCompare(String(b.name))).map(({ line }) => line)
}

function byKey(commands: readonly object[], defaults: Fields): ReadonlyMap<string, Fields> {
  return new Map(
    commands.map((command) => {
      const fields = normalise(command as Fields, defaults)
      return [`${fields.type} ${fields.name}`, fields]
    }),
  )
}

function normalise(given: Fields, defaults: Fields): Fields {
  return Object.fromEntries(
    Object.entries(defaults).map(([name, otherwise]) => {
      const value = given[name] ?? otherwise
      if (name === 'options') return [name, (value as readonly Fields[]).map((option) => normalise(option, optionDefaults))]
      if (name === 'choices') return [name, (value as readonly Fields[]).map((choice) => ({ name: choice.name, value: choice.value }))]
      if (name === 'contexts' || name === 'integration_types') return [name, Array.isArray(value) ? [...value].sort() : value]
      return [name, value]
    }),
  )
}

/** The fields that differ; of options, their names. */
function changes(before: Fields, after: Fields): readonly string[] {
  return Object.keys(after).flatMap((field) => {
    if (isDeepStrictEqual(before[field], after[field])) return []
    if (field !== 'options') return [field.replaceAll('_', ' ')]
    const old = before.options as readonly Fields[]
    const now = after.options as readonly Fields[]
    const named = now.filter((option) => !old.some((each) => isDeepStrictEqual(each, option))).map(({ name }) => `option ${name}`)
    const gone = old.filter((option) => !now.some(({ name }) => name === option.name)).map(({ name }) => `option ${name} removed`)
    return named.length + gone.length > 0 ? [...named, ...gone] : ['order of the options']
  })
}
