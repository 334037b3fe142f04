import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { Clock } from '#src/kernel/clock.ts'
import type { ServiceHttp } from '#src/service/request-schemas.ts'
import { type RuleAnswer, ruleAnswer } from '#src/zapier/wire.ts'
import { rulePath } from '../requests.ts'
import { digestOf, patternOf, type Rule, ruleContent } from '../rules/rule.ts'
import { addRule, changeRule, findRule, readRules, removeRule, switchRule } from '../rules/rule-store.ts'
import type { Tables } from '../tables.ts'

export interface RuleParts {
  readonly db: Kysely<Tables>
  readonly clock: Clock
}

/** Rules, by id or name. What a rule may do is decided by the bot at each call; here admins decide that it is asked. */
export function ruleRoutes(http: ServiceHttp, { db, clock }: RuleParts): void {
  const config = { role: 'admin', refuses: [400, 404, 503] } as const
  const response = { 200: ruleAnswer }
  const one = { params: rulePath, response }

  const all = { summary: 'The rules', response: { 200: z.array(ruleAnswer) } }
  http.get('/api/rules', { config: { refuses: [503] }, schema: all }, async () => (await readRules(db)).map(answer))
  const looking = { config: { refuses: [404, 503] }, schema: { summary: 'One rule', ...one } } as const
  http.get('/api/rules/:id', looking, async ({ params }) => answer(await findRule(db, params.id)))
  const adding = { role: 'admin', refuses: [400, 409, 503] } as const
  const added = { summary: 'Add a rule, disabled', body: ruleContent, response }
  http.post('/api/rules', { config: adding, schema: added }, async ({ body, principal }) =>
    answer(await addRule(db, body, principal.subject, clock.now())),
  )
  http.put(
    '/api/rules/:id',
    { config, schema: { summary: 'Change a rule', ...one, body: ruleContent } },
    async ({ params, body, principal }) => answer(await changeRule(db, params.id, body, principal.subject, clock.now())),
  )
  const removing = { config, schema: { summary: 'Remove a rule', ...one } }
  http.delete('/api/rules/:id', removing, async ({ params }) => answer(await removeRule(db, params.id)))
  for (const [verb, summary, enabled] of [
    ['enable', 'Enable a rule', true],
    ['disable', 'Disable a rule', false],
  ] as const) {
    http.post(`/api/rules/:id/${verb}`, { config, schema: { summary, ...one } }, async ({ params, principal }) =>
      answer(await switchRule(db, params.id, enabled, principal.subject, clock.now())),
    )
  }
}

function answer(rule: Rule): RuleAnswer {
  const { updatedAt, updatedBy, environment = null, ...content } = rule
  return {
    ...content,
    environment,
    pattern: patternOf(rule),
    digest: digestOf(rule),
    updated_at: updatedAt.toISOString(),
    updated_by: updatedBy,
  }
}
