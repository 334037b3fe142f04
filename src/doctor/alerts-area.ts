import type { RulesFileState } from '#src/alerts/alerts.ts'
import { count } from '#src/kernel/say.ts'
import { type Area, findingsOf } from './finding.ts'

const { ok, problem } = findingsOf('Alerts')

/** Whether the alert rules that are written as code hold. */
export function alertsArea(file: () => RulesFileState): Area {
  return {
    name: 'Alerts',
    async examine() {
      const { path, rules, fault } = file()
      if (fault !== undefined) {
        const before = rules === undefined ? 'None of its rules hold' : 'The rules of before hold'
        return [
          problem('Rules file', `${path} cannot be read as rules. ${before}. ${fault}`, 'Correct the file: it is read again at once.'),
        ]
      }
      if (rules === undefined)
        return [ok('Rules file', 'There is none: rules are those of /alerts add, and those that Helix brings along.')]
      return [ok('Rules file', `${path} is read: ${count(rules, 'rule')}.`)]
    },
  }
}
