import { didYouMean } from '#src/kernel/arguments/nearest.ts'
import type { Place } from '#src/kernel/call.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Alerts, RulesFileState, SetRule } from './alerts.ts'
import { faultsOf, pathWords } from './faults.ts'
import type { Rounds } from './rounds.ts'
import { alertRule, type WrittenRule } from './rule.ts'
import type { RuleRows } from './rule-rows.ts'

export interface OwnRulesParts {
  readonly rows: RuleRows
  readonly rounds: Pick<Rounds, 'read'>
  readonly file: () => RulesFileState
  /** As it was named, for people. */
  readonly path: string
}

/** Which rules there are, and how members change them. */
export function createOwnRules({ rows, rounds, file, path }: OwnRulesParts): Pick<Alerts, 'list' | 'show' | 'add' | 'remove' | 'enable'> {
  const refuseFile = ({ rule, source }: SetRule) => {
    if (source === 'file') throw new UserError(`${rule.name} is written in ${path}: change it there. Nothing was changed.`)
  }

  return {
    async list(place) {
      const [rules, { standings }] = await Promise.all([rows.all(place), rounds.read(place)])
      return { rules: rules.map((each) => ({ ...each, standings: standings.filter(({ rule }) => rule === each.rule.name) })), file: file() }
    },
    async show(place, name) {
      const [rule, { standings }] = await Promise.all([namedRule(rows, place, name), rounds.read(place)])
      return { ...rule, standings: standings.filter((each) => each.rule === name) }
    },
    async add(call, given) {
      const written = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
      const read = alertRule.safeParse(written)
      if (!read.success) {
        const faults = faultsOf(read.error, written).map(({ path: at, message }) => `“${pathWords(at)}” ${message}`)
        throw new UserError(`Nothing was added: ${faults.join('; ')}.`)
      }
      const same = (await rows.all(call.place)).find(({ rule }) => rule.name === read.data.name)
      if (same) refuseFile(same)
      await rows.write(call, written as WrittenRule, false)
      return namedRule(rows, call.place, read.data.name)
    },
    async remove(call, name) {
      const set = await namedRule(rows, call.place, name)
      refuseFile(set)
      if (set.source === 'default') {
        throw new UserError(`${name} is one that Helix brings along: /alerts disable switches it off. Nothing was removed.`)
      }
      await rows.delete(call.place, name)
      return set
    },
    async enable(call, name, enabled) {
      const set = await namedRule(rows, call.place, name)
      refuseFile(set)
      if (set.written) await rows.write(call, { ...set.written, enabled }, true)
      return namedRule(rows, call.place, name)
    },
  }
}

/** Throws UserError where there is none. */
export async function namedRule(rows: Pick<RuleRows, 'all'>, place: Place, name: string): Promise<SetRule> {
  const all = await rows.all(place)
  const found = all.find(({ rule }) => rule.name === name)
  if (found) return found
  const names = all.map(({ rule }) => rule.name)
  throw new UserError(`There is no rule “${name}”, so nothing was done. ${didYouMean(name, names, '/alerts list shows them all.')}`)
}
