import type { z } from 'zod'
import { orList } from '#src/kernel/say.ts'

/** What is wrong with something that somebody wrote, and where. */
export interface Fault {
  readonly path: readonly PropertyKey[]
  /** Goes on from the name of what it is about: `is missing`. */
  readonly message: string
}

/**
 * Faults as the schema finds them, in words that go on from a name. A stray key is a fault of that key, and not of what holds it. `given`: what was
 * read, so that what is missing is told from what is wrong.
 */
export function faultsOf({ issues }: z.core.$ZodError, given?: unknown): readonly Fault[] {
  return issues.flatMap((issue): readonly Fault[] => {
    const { path } = issue
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: [...path, key], message: 'is not known here' }))
    if (!ofZod.test(issue.message)) return [{ path, message: issue.message }]
    const isMissing = issue.message.endsWith('received undefined') || (given !== undefined && at(given, path) === undefined)
    return [{ path, message: isMissing ? 'is missing' : wordsOf(issue) }]
  })
}

/** Words of the schema's own are for people already. */
const ofZod = /^(Invalid|Too (small|big)|Unrecognized)/
const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'a group of fields',
  record: 'a group of fields',
  string: 'text',
}

function wordsOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${orList(issue.values.map(String))}`
    case 'invalid_type':
      return `must be ${kinds[issue.expected] ?? 'something else'}`
    case 'too_small':
      return issue.minimum === 1 && sized(issue.origin)
        ? 'must not be empty'
        : `must ${least(issue.origin)} at least ${issue.minimum}${unit(issue.origin)}`
    case 'too_big':
      return `must ${least(issue.origin)} at most ${issue.maximum}${unit(issue.origin)}`
    default:
      return 'is not right'
  }
}

function sized(origin: string): boolean {
  return origin === 'string' || origin === 'array'
}

function least(origin: string): string {
  return sized(origin) ? 'have' : 'be'
}

function unit(origin: string): string {
  if (origin === 'string') return ' characters'
  return origin === 'array' ? ' entries' : ''
}

function at(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (held, step) => (typeof held === 'object' && held !== null ? (held as Record<PropertyKey, unknown>)[step] : undefined),
    given,
  )
}

/** `rules 2 above`: counted as people count. */
export function pathWords(path: readonly PropertyKey[]): string {
  return path.map((step) => (typeof step === 'number' ? step + 1 : String(step))).join(' ')
}
