import { sql } from 'kysely'
import type { Store } from '#src/adapters/store/store.ts'
import { actorName, type Call, type Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { RuleSource, SetRule } from './alerts.ts'
import { defaultRules } from './default-rules.ts'
import { describeRule } from './describe-rule.ts'
import { type FileRules, mostRules } from './read-rules.ts'
import { alertRule, type Rule, type WrittenRule } from './rule.ts'

export interface RuleRows {
  /** All rules of a project by name: the file's first, then members', then those that Helix brings along. */
  all(place: Place): Promise<readonly SetRule[]>
  /** Written anew where a rule of that name is there, which `anew` allows. Throws UserError where there are too many. */
  write(call: Call, written: WrittenRule, anew: boolean): Promise<void>
  delete(place: Place, name: string): Promise<void>
}

export interface RuleRowsParts {
  readonly store: Pick<Store, 'db'>
  readonly file: () => FileRules | undefined
  readonly clock: Clock
}

export function createRuleRows({ store: { db }, file, clock }: RuleRowsParts): RuleRows {
  const rowsOf = (place: Pick<Place, 'guild' | 'project'>) =>
    db.selectFrom('alert_rules').selectAll().where('guild', '=', place.guild).where('project', '=', place.project)

  return {
    async all(place) {
      const rows = await rowsOf(place).execute()
      const code = file()
      const all: readonly SetRule[] = [
        ...(code?.rules ?? []).map((rule) => set(rule, 'file', undefined)),
        ...rows.flatMap(({ rule: written, added_by }) => {
          const read = alertRule.safeParse(written)
          // One that another version of Helix wrote, and this one does not know.
          return read.success ? [set(read.data, 'command', written, added_by)] : []
        }),
        ...(code?.defaults === false ? [] : defaultRules.map(({ rule, written }) => set(rule, 'default', written))),
      ]
      const firstOfName = new Map(all.toReversed().map((each) => [each.rule.name, each]))
      return [...firstOfName.values()].toSorted((one, other) => (one.rule.name < other.rule.name ? -1 : 1))
    },

    async write({ place, actor }, rule, anew) {
      const { guild, project } = place
      const row = { rule: JSON.stringify(rule), added_by: actorName(actor), added_at: clock.now() }
      await db.transaction().execute(async (tx) => {
        // Takes turns with everybody who adds one here.
        await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`alert rules ${guild} ${project}`}, 0))`.execute(tx)
        const query = tx.selectFrom('alert_rules').select('name').where('guild', '=', guild).where('project', '=', project)
        const names = (await query.execute()).map(({ name }) => name)
        if (names.includes(rule.name) && !anew) throw new UserError(`There is a rule “${rule.name}” already, so nothing was added.`)
        if (names.length >= mostRules && !names.includes(rule.name)) {
          throw new UserError(`There are ${mostRules} rules already, so nothing was added. Remove one first: /alerts remove.`)
        }
        await tx
          .insertInto('alert_rules')
          .values({ guild, project, name: rule.name, ...row })
          .onConflict((conflict) => conflict.columns(['guild', 'project', 'name']).doUpdateSet(row))
          .execute()
      })
    },

    async delete({ guild, project }, name) {
      await db.deleteFrom('alert_rules').where('guild', '=', guild).where('project', '=', project).where('name', '=', name).execute()
    },
  }
}

function set(rule: Rule, source: RuleSource, written: WrittenRule | undefined, addedBy?: string): SetRule {
  return { rule, source, written, says: describeRule(rule), addedBy }
}
