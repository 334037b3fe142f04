import { alertRule, type WrittenRule } from './rule.ts'

/** Rules that hold everywhere unless somebody says otherwise. That a service is ill is no rule: health tells it by itself. */
const written: readonly WrittenRule[] = [
  { name: 'disk-almost-full', kind: 'disk', above: '90%', recover: '85%', for: '10m', severity: 'warning' },
  { name: 'memory-almost-full', kind: 'memory', above: '95%', recover: '85%', for: '10m', severity: 'warning' },
  { name: 'many-errors', kind: 'error-rate', above: '10%', recover: '5%', for: '5m', severity: 'warning' },
  { name: 'helix-is-blind', kind: 'helix', for: '5m', severity: 'warning' },
]

export const defaultRules = written.map((each) => ({ written: each, rule: alertRule.parse(each) }))
