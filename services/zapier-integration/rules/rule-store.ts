import { randomUUID } from 'node:crypto'
import type { Kysely, Selectable } from 'kysely'
import { Refusal } from '#src/service/refusal.ts'
import type { RulesTable, Tables } from '../tables.ts'
import { type Rule, type RuleContent, ruleContent } from './rule.ts'

/** More than these are no rules but a program. */
export const mostRules = 500

type Db = Kysely<Tables>

/** By name. */
export async function readRules(db: Db, { enabled }: { readonly enabled?: boolean } = {}): Promise<readonly Rule[]> {
  const all = db.selectFrom('zapier.rules').selectAll().orderBy('name')
  const rows = await (enabled === undefined ? all : all.where('enabled', '=', enabled)).execute()
  return rows.map(ruleOf)
}

/** One, by its id or its name. Throws Refusal (404). */
export async function findRule(db: Db, idOrName: string): Promise<Rule> {
  const column = /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(idOrName) ? 'id' : 'name'
  const row = await db.selectFrom('zapier.rules').selectAll().where(column, '=', idOrName).executeTakeFirst()
  if (!row) throw new Refusal(404, 'There is no such rule.')
  return ruleOf(row)
}

/** A new rule is disabled: whoever enables it confirms what it does. Throws Refusal: 400 for a name that is taken, 409 where there are too many. */
export async function addRule(db: Db, { name, ...content }: RuleContent, by: string, now: Date): Promise<Rule> {
  const { many } = await db
    .selectFrom('zapier.rules')
    .select((select) => select.fn.countAll<string>().as('many'))
    .executeTakeFirstOrThrow()
  if (Number(many) >= mostRules) throw new Refusal(409, `There are ${mostRules} rules, and more are not kept. Remove one first.`)
  const row = { id: randomUUID(), name, enabled: false, content: JSON.stringify(content), updated_at: now, updated_by: by }
  const added = await db
    .insertInto('zapier.rules')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returningAll()
    .executeTakeFirst()
  if (!added) throw new Refusal(400, `There is a rule ${name} already.`)
  return ruleOf(added)
}

/** Throws Refusal: 404, or 400 for a name that another has. A rule of which anything but the name changes is disabled until someone enables it anew. */
export async function changeRule(db: Db, id: string, { name, ...content }: RuleContent, by: string, now: Date): Promise<Rule> {
  const before = await findRule(db, id)
  const { id: _, enabled, updatedAt: __, updatedBy: ___, name: ____, ...was } = before
  const same = JSON.stringify(ruleContent.parse({ name, ...was })) === JSON.stringify({ name, ...content })
  try {
    const row = await db
      .updateTable('zapier.rules')
      .set({ name, content: JSON.stringify(content), enabled: enabled && same, updated_at: now, updated_by: by })
      .where('id', '=', before.id)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw new Refusal(404, 'There is no such rule.')
    return ruleOf(row)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '23505') throw new Refusal(400, `There is a rule ${name} already.`)
    throw error
  }
}

/** Enables or disables. Throws Refusal (404). */
export async function switchRule(db: Db, id: string, enabled: boolean, by: string, now: Date): Promise<Rule> {
  const { id: found } = await findRule(db, id)
  const row = await db
    .updateTable('zapier.rules')
    .set({ enabled, updated_at: now, updated_by: by })
    .where('id', '=', found)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new Refusal(404, 'There is no such rule.')
  return ruleOf(row)
}

/** Throws Refusal (404). */
export async function removeRule(db: Db, id: string): Promise<Rule> {
  const rule = await findRule(db, id)
  await db.deleteFrom('zapier.rules').where('id', '=', rule.id).execute()
  return rule
}

function ruleOf({ id, name, enabled, content, updated_at, updated_by }: Selectable<RulesTable>): Rule {
  return { ...ruleContent.parse({ name, ...(content as object) }), id, enabled, updatedAt: updated_at, updatedBy: updated_by }
}
