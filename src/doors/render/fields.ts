import type { Fact } from '#src/kernel/report.ts'
import { inert } from './inert.ts'
import { comfort, limits } from './limits.ts'
import { plain } from './plain.ts'

export interface Field {
  readonly name: string
  readonly value: string
  readonly inline: boolean
}

export interface Fields {
  readonly fields: readonly Field[]
  /** True where every fact is shown in full. */
  readonly complete: boolean
}

/** Shown where there is nothing to show: Discord takes no empty text. */
const nothing = '—'

/** Facts as embed fields, as many as there is room for (in characters over all of them); the last says how many are left. */
export function factFields(facts: readonly Fact[], room: number): Fields {
  const fields: Field[] = []
  const rest = { name: 'More', value: `${facts.length} facts in the file`, inline: false }
  let left = room - lengthOf(rest)
  let complete = true
  for (const [at, fact] of facts.entries()) {
    const field = fieldOf(fact)
    const isLast = at === facts.length - 1
    const fits = lengthOf(field) <= (isLast ? left + lengthOf(rest) : left)
    if (!fits || (fields.length === limits.fields - 1 && !isLast)) {
      const more = facts.length - at
      return { fields: [...fields, { ...rest, value: `${more} ${more === 1 ? 'fact' : 'facts'} in the file` }], complete: false }
    }
    fields.push(field)
    left -= lengthOf(field)
    complete &&= !field.value.endsWith('…') || plain(fact.value).trim().endsWith('…')
  }
  return { fields, complete }
}

function fieldOf({ label, value }: Fact): Field {
  return {
    name: inert(label, limits.fieldName) || nothing,
    value: inert(value, limits.fieldValue) || nothing,
    inline: value.length <= comfort.inlineFact && !value.includes('\n'),
  }
}

function lengthOf({ name, value }: Omit<Field, 'inline'>): number {
  return name.length + value.length
}
