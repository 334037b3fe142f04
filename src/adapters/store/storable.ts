import { z } from 'zod'

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

/** Level by level and not by recursion: it must itself survive what it refuses. */
function isStorable(value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return false
    const next: unknown[] = []
    for (const each of level) {
      if (typeof each === 'string' && !isStorableText(each)) return false
      if (typeof each !== 'object' || each === null) continue
      if (!Array.isArray(each) && !Object.keys(each).every(isStorableText)) return false
      for (const child of Object.values(each)) next.push(child)
    }
    level = next
  }
  return true
}
