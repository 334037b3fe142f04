import { createHash } from 'node:crypto'
import { canonical } from '#src/kernel/canonical.ts'
import type { RuleVersion } from './automation.ts'

/** Over event pattern, command, arguments and environment, whatever the order that the arguments are written in; not over the rule's id and its service. */
export function ruleDigest({ pattern, command, arguments: given, environment }: Omit<RuleVersion, 'rule' | 'service'>): string {
  const of = [pattern, command, canonical(given), environment ?? null]
  return createHash('sha256').update(JSON.stringify(of)).digest('base64url')
}
