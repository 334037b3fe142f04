import type { z } from 'zod'

/** What is wrong with something that somebody wrote, and where. */
export interface Fault {
  readonly path: readonly PropertyKey[]
  /** Goes on from the name of what it is about: `is missing`. */
  readonly message: string
}

/** Faults as the schema finds them, in words that go on from a name. A stray key is a fault of that key, and not of what holds it. */
export function faultsOf({ issues }: z.core.$ZodError): readonly Fault[] {
  return issues.flatMap((issue): readonly Fault[] => {
    const { path } = issue
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: [...path, key], message: 'is not known here' }))
    if (issue.message.startsWith('must') || !issue.message.startsWith('Invalid')) return [{ path, message: issue.message }]
    const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined')
    return [{ path, message: isMissing ? 'is missing' : `is not right: ${issue.message[0]!.toLowerCase()}${issue.message.slice(1)}` }]
  })
}

/** `rules 2 above`: counted as people count. */
export function pathWords(path: readonly PropertyKey[]): string {
  return path.map((step) => (typeof step === 'number' ? step + 1 : String(step))).join(' ')
}
