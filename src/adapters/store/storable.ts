import { z } from 'zod'
import { levels } from '#src/kernel/levels.ts'

/** How deep what a caller sends may be nested: far below where reading it would exhaust the stack. */
const DEEPEST = 64

/** Text that PostgreSQL can keep: no NUL (https://www.postgresql.org/docs/current/datatype-character.html), no half of a surrogate pair. */
export function storableText(least: number, most: number) {
  return z.string().min(least).max(most).refine(isStorableText, 'must not hold NUL or broken characters')
}

/** Nothing else is checked then: what is nested too deep would exhaust the stack of the next check. */
const unstorable = `must not hold NUL or broken characters, nor be nested deeper than ${DEEPEST}`

/** A JSON object that PostgreSQL can keep as jsonb (https://www.postgresql.org/docs/current/datatype-json.html). */
export const storableObject = z.record(z.string(), z.unknown()).refine(isStorable, { error: unstorable, abort: true })

/** Any JSON value that PostgreSQL can keep as jsonb. */
export const storableValue = z.unknown().refine(isStorable, { error: unstorable, abort: true })

function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

function isStorable(value: unknown): boolean {
  let depth = 0
  for (const level of levels(value)) {
    if (depth > DEEPEST || !level.every(hasStorableText)) return false
    depth += 1
  }
  return true
}

/** Of itself: what is in it is looked at with its level. */
function hasStorableText(value: unknown): boolean {
  if (typeof value === 'string') return isStorableText(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return true
  return Object.keys(value).every(isStorableText)
}
