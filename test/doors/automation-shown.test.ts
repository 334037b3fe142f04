import { beforeEach, describe, expect, test } from 'vitest'
import type { RuleVersion } from '#src/automation/automation.ts'
import { ruleDigest } from '#src/automation/rule-digest.ts'
import { type AutomationStage, automationStage } from './automation-stage.ts'

const rule: RuleVersion = {
  service: 'zapier-integration',
  rule: 'rule-1',
  pattern: 'payment.failed',
  command: 'restart',
  arguments: { service: 'web' },
}
const byRule = (version: RuleVersion, key = 'event-1') => ({
  ...{ key, command: version.command, arguments: version.arguments, reason: 'A payment failed.' },
  rule: { id: version.rule, digest: ruleDigest(version) },
})

let stage: AutomationStage
beforeEach(async () => {
  stage = await automationStage()
  await stage.permit('operator')
})

describe('what a rule starts', () => {
  const inChannel = (channel: string) => ({ ...stage.byAdmin, reply: { channel, message: '900' } })
  const shownOf = (operation: string) =>
    stage.store.db.selectFrom('messages').select(['channel', 'message']).where('subject', '=', operation).execute()

  test('is shown live in the channel in which the rule was confirmed last, with whose rule it is and why', async () => {
    await stage.automation.grant(rule, inChannel('500'))
    await stage.automation.grant(rule, inChannel('501'))
    const { operation } = await stage.call(byRule(rule))
    expect(await shownOf(operation!)).toEqual([{ channel: '501', message: null }])
    expect((await stage.show(operation!))!.facts).toContainEqual({ label: 'Because', value: 'A payment failed.' })
    await stage.perform(operation!)
    const ended = (await stage.show(operation!))!
    expect(ended.facts).toContainEqual({ label: 'Because', value: 'A payment failed.' })
    expect(ended.actions?.map(({ label }) => label)).toContain('Logs')
  })

  test('is shown there though its version needs no confirmation, or is confirmed by nobody any more', async () => {
    await stage.automation.grant(rule, inChannel('500'))
    const changed = await stage.call(byRule({ ...rule, arguments: { service: 'api' } }, 'changed'))
    await stage.automation.revoke(rule, stage.byAdmin)
    const revoked = await stage.call(byRule(rule, 'revoked'))
    for (const { operation } of [changed, revoked]) expect(await shownOf(operation!)).toEqual([{ channel: '500', message: null }])
  })

  test('is shown once, however often its call is made', async () => {
    await stage.automation.grant(rule, inChannel('500'))
    const { operation } = await stage.call(byRule(rule))
    await stage.call(byRule(rule))
    expect(await shownOf(operation!)).toHaveLength(1)
  })

  test('is shown nowhere where the rule has no channel: not of another rule, another service, or none', async () => {
    await stage.automation.grant({ ...rule, rule: 'rule-2' }, inChannel('500'))
    await stage.automation.grant({ ...rule, service: 'agent-orchestrator' }, inChannel('500'))
    await stage.automation.grant({ ...rule, rule: 'rule-3' }, stage.byAdmin)
    const silent = [
      await stage.call(byRule(rule, 'a')),
      await stage.call(byRule({ ...rule, rule: 'rule-3', arguments: { service: 'api' } }, 'b')),
    ]
    for (const { operation } of silent) expect(await shownOf(operation!)).toEqual([])
  })
})
