import { expect, test } from 'vitest'
import { callBot } from '#services/zapier-integration/effects/call-bot.ts'
import { planWork } from '#services/zapier-integration/effects/plan-work.ts'
import { patternOf, type Rule, ruleContent } from '#services/zapier-integration/rules/rule.ts'
import type { Mesh } from '#src/mesh/mesh.ts'
import { automationStage } from '../../doors/automation-stage.ts'

const now = new Date('2026-11-21T12:00:00Z')
const event = {
  kind: 'event',
  name: 'deploy.asked',
  payload: { service: 'web', replicas: 3 },
  target: null,
  source: 'zapier',
  at: now,
} as const
const content = ruleContent.parse({
  name: 'scale',
  event: 'deploy.*',
  where: { replicas: 3 },
  command: 'scale',
  arguments: { service: '{{payload.service}}', replicas: '{{payload.replicas}}' },
})
const rule: Rule = { ...content, id: 'rule-1', enabled: true, updatedAt: now, updatedBy: 'bot' }
const version = { service: 'zapier-integration', rule: rule.id, pattern: patternOf(rule), command: rule.command, arguments: rule.arguments }

/** What the service plans for an event, called at the bot's own door. */
async function outcomeOf(id: string, stage: Awaited<ReturnType<typeof automationStage>>, by: Rule = rule) {
  const [work] = planWork({ event: { ...event, id }, rules: [by], hooks: new Map(), now })
  const mesh: Pick<Mesh, 'call'> = { call: async ({ body }, answer) => answer.parse(await stage.call(body as object)) }
  return callBot(mesh, work!.body!)
}

test('the bot starts what a rule calls in production only as it was confirmed, and only once for each event', async () => {
  const stage = await automationStage()
  await stage.permit('deployer')
  stage.asProduction()
  expect(await outcomeOf('e1', stage)).toMatchObject({ state: 'refused', outcome: { status: 'needs-confirmation' } })
  await stage.automation.grant(version, stage.byAdmin)
  // Confirmed was another version of it.
  expect(await outcomeOf('e3', stage, { ...rule, where: {} })).toMatchObject({
    state: 'refused',
    outcome: { status: 'needs-confirmation' },
  })
  const first = await outcomeOf('e2', stage)
  expect(first).toMatchObject({ state: 'done', outcome: { status: 'started', operation: expect.any(String) } })
  expect(await outcomeOf('e2', stage)).toEqual(first)
  expect(stage.queued).toHaveLength(1)
})

test('the bot denies what the service may not do', async () => {
  const stage = await automationStage()
  await stage.permit('viewer')
  expect(await outcomeOf('e1', stage)).toMatchObject({ state: 'refused', outcome: { status: 'denied' } })
})
