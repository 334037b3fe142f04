import { createHash } from 'node:crypto'
import type { RuleVersion } from './automation.ts'

/** Over event pattern, command, arguments and environment, whatever the order that the arguments are written in; not over the rule's id and its service. */
export function ruleDigest({ pattern, command, arguments: given, environment }: Omit<RuleVersion, 'rule' | 'service'>): string {
  const of = [pattern, command, canonical(given), environment ?? null]
  return createHash('sha256').update(JSON.stringify(of)).digest('base64url')
}

/** JSON of which each value has one form: records become sorted lists of pairs, and what is undefined is left out, as on the wire. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return { list: value.map(canonical) }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]) => [name, canonical(each)])
}
