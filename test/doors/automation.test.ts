import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RuleVersion } from '#src/automation/automation.ts'
import { ruleDigest } from '#src/automation/rule-digest.ts'
import { UserError } from '#src/kernel/errors.ts'
import { doublePlace, railwayFault } from '#test/support/railway-double.ts'
import { tokensOf } from '#test/support/service.ts'
import { type AutomationStage, automationStage } from './automation-stage.ts'

const request = { key: 'event-1', command: 'restart', arguments: { service: 'web' }, reason: 'A payment failed.' }
const rule: RuleVersion = {
  service: 'zapier-integration',
  rule: 'rule-1',
  pattern: 'payment.failed',
  command: 'restart',
  arguments: { service: 'web' },
}
const byRule = (version: RuleVersion, key = 'event-1') => ({ ...request, key, rule: { id: version.rule, digest: ruleDigest(version) } })

let stage: AutomationStage
beforeEach(async () => {
  stage = await automationStage()
  await stage.permit('operator')
})
afterEach(() => expect(stage.log.lines.filter(({ level }) => level === 'error')).toEqual([]))

describe('a call of a service', () => {
  test('starts what it asks, as an actor of its own, and the audit says who, why and by which rule', async () => {
    const answer = await stage.call(byRule(rule))
    expect(answer).toEqual({ status: 'started', sentence: expect.stringContaining('web'), operation: expect.any(String) })
    const { status, actor_key, door } = await stage.rowOf(answer.operation!)
    expect({ status, actor_key, door }).toEqual({ status: 'queued', actor_key: 'token:zapier-integration', door: 'automation' })
    const audit = await stage.auditOf('event-1')
    expect(audit.map(({ event }) => event)).toEqual(['received', 'started', 'answered'])
    const cause = { reason: 'A payment failed.', rule: { id: 'rule-1', digest: ruleDigest(rule) } }
    for (const row of audit) expect(row).toMatchObject({ actor: 'token:zapier-integration', door: 'automation', cause })
  })

  test('with the same key answers what came of the first, and does nothing twice', async () => {
    const first = await stage.call(request)
    expect(await stage.call({ ...request, command: 'scale', arguments: { service: 'web', replicas: 3 } })).toEqual(first)
    expect(stage.queued).toHaveLength(1)
  })

  test('keeps its key for good, even where the claims are forgotten', async () => {
    const first = await stage.call(request)
    await stage.store.db.deleteFrom('claims').execute()
    expect(await stage.call(request)).toEqual(first)
    expect(stage.queued).toHaveLength(1)
  })

  test('shares its key with no other service', async () => {
    await stage.permit('operator', 'agent-orchestrator')
    await stage.call(request)
    const other = await stage.call({ ...request, arguments: { service: 'api' } }, 'agent-orchestrator')
    expect(other.status).toBe('started')
    expect(stage.queued).toHaveLength(2)
  })

  test('asked many times at once starts one operation; the others hear of it or that it is under way', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => stage.post(request)))
    expect(stage.queued).toHaveLength(1)
    for (const { statusCode } of answers) expect([200, 409]).toContain(statusCode)
    expect(await stage.call(request)).toMatchObject({ status: 'started' })
  })

  test('that a provider kept from being begun may be made again with the same key', async () => {
    stage.railway.before = async () => {
      throw railwayFault('Railway did not answer within 5 s.', { outcome: 'ambiguous', retryable: true })
    }
    const away = await stage.post(request)
    expect([away.statusCode, away.json()]).toEqual([503, { detail: 'Railway did not answer within 5 s.' }])
    stage.railway.before = async () => {}
    expect(await stage.call(request)).toMatchObject({ status: 'started' })
    expect(await stage.call(request)).toMatchObject({ status: 'started' })
    expect(stage.queued).toHaveLength(1)
    expect((await stage.auditOf('event-1')).map(({ event }) => event)).toEqual([
      'received',
      'failed',
      'released',
      'received',
      'started',
      'answered',
    ])
  })

  test('that was taken and has no outcome is under way for two minutes, and unknown from then on', async () => {
    await stage.claims.claim('automation:zapier-integration:event-1', doublePlace)
    const soon = await stage.post(request)
    expect([soon.statusCode, soon.json()]).toEqual([409, { detail: 'The call with this key is under way.' }])
    stage.later(121_000)
    expect(await stage.call(request)).toMatchObject({ status: 'unknown', sentence: expect.stringContaining('look') })
    expect(stage.queued).toEqual([])
  })

  test('whose process ended after it had started the operation is known by the operation', async () => {
    const first = await stage.call(request)
    await stage.forgetOutcomes()
    expect(await stage.call(request)).toMatchObject({ status: 'started', operation: first.operation })
  })

  test('that cannot be done is refused, and stays so', async () => {
    const wrong = { ...request, arguments: { service: 'wep' } }
    const answer = await stage.call(wrong)
    expect(answer).toMatchObject({ status: 'refused', sentence: expect.stringContaining('There is no service') })
    expect(await stage.call(wrong)).toEqual(answer)
  })

  test('that could never be made is refused with a sentence', async () => {
    const wrong: readonly [object, string][] = [
      [{ command: 'restrat' }, 'There is no command /restrat'],
      [{ command: 'operation.settle' }, 'for people only'],
      [{ arguments: { service: 'web', environment: 'staging' } }, 'named beside the arguments'],
      [{ environment: 'nowhere' }, 'There is no environment “nowhere”'],
      [{ guild: '12345678901234567' }, 'does not serve that server'],
    ]
    for (const [more, sentence] of wrong) {
      expect(await stage.call({ ...request, key: sentence, ...more })).toEqual({
        status: 'refused',
        sentence: expect.stringContaining(sentence),
      })
    }
    expect(stage.queued).toEqual([])
  })

  test('may name the environment, or ask for a dry run', async () => {
    expect(await stage.call({ ...request, environment: 'Staging', arguments: { service: 'web', 'dry-run': true } })).toMatchObject({
      status: 'done',
      sentence: expect.stringContaining('Nothing was changed'),
    })
  })
})

describe('permission', () => {
  test('a service without a role is denied, whatever its token says, and learns nothing', async () => {
    await stage.permit(undefined)
    const answer = await stage.call({ ...request, arguments: { service: 'no-such-service' } })
    expect(answer).toEqual({
      status: 'denied',
      sentence:
        '/restart needs the Helix role operator, and zapier-integration has no Helix role here. Nothing was done. Whoever runs Helix can name it in HELIX_SERVICE_ROLES.',
    })
    expect(await stage.call(request)).toEqual(answer)
  })

  test('a role that is not enough is said to be', async () => {
    await stage.permit('viewer')
    expect((await stage.call(request)).sentence).toContain('zapier-integration is viewer')
  })

  test('a service that is no longer named has no role', async () => {
    await stage.permissions.nameServices(doublePlace.guild, [])
    expect((await stage.call(request)).status).toBe('denied')
  })

  test('the first table of a guild is written though a service has a role already, and stays beside it', async () => {
    await stage.permissions.seed(doublePlace.guild, [{ roleId: '123456789012345678', role: 'admin' }])
    await stage.permit('viewer')
    const roleOf = (role: string) => stage.permissions.roleOf(doublePlace.guild, { roles: [role], administrator: false })
    expect(await roleOf('123456789012345678')).toBe('admin')
    expect(await roleOf('token:zapier-integration')).toBe('viewer')
  })
})

describe('what a person would have to confirm', () => {
  beforeEach(() => stage.asProduction())

  test('is refused without a rule, and nothing is started', async () => {
    const answer = await stage.call(request)
    expect(answer.status).toBe('needs-confirmation')
    expect(answer.sentence).toContain('nobody has confirmed it, so nothing was done. An admin can do it in Discord with /restart')
    expect(stage.queued).toEqual([])
    expect((await stage.auditOf('event-1')).at(-1)!.event).toBe('unconfirmed')
    expect(await stage.call(request)).toEqual(answer)
  })

  test('is started by a rule of which an admin confirmed this version; the audit says who', async () => {
    const grant = await stage.automation.grant(rule, stage.byAdmin)
    expect(grant).toMatchObject({ by: 'member:7', byName: 'Ada', digest: ruleDigest(rule) })
    expect(await stage.call(byRule(rule))).toMatchObject({ status: 'started' })
    const confirmed = (await stage.auditOf('event-1')).find(({ event }) => event === 'confirmed')
    expect(confirmed).toMatchObject({ outcome: expect.stringContaining('Ada (member:7)'), cause: { rule: { digest: grant.digest } } })
  })

  test.each<[string, object]>([
    ['another rule', { rule: { id: 'rule-2', digest: ruleDigest(rule) } }],
    ['another version', { rule: { id: 'rule-1', digest: ruleDigest({ ...rule, pattern: '*' }) } }],
    ['other arguments', { arguments: { service: 'api' } }],
    ['further arguments', { arguments: { service: 'web', 'dry-run': false } }],
    ['another command', { command: 'scale', arguments: { service: 'web', replicas: 3 } }],
  ])('%s than was confirmed is refused', async (_, changed) => {
    await stage.automation.grant(rule, stage.byAdmin)
    const answer = await stage.call({ ...byRule(rule), ...changed })
    expect(answer).toMatchObject({
      status: 'needs-confirmation',
      sentence: expect.stringContaining('An admin must confirm this version of the rule'),
    })
    expect(stage.queued).toEqual([])
  })

  test('the rule of one service is no use to another', async () => {
    await stage.permit('operator', 'agent-orchestrator')
    await stage.automation.grant(rule, stage.byAdmin)
    expect((await stage.call(byRule(rule), 'agent-orchestrator')).status).toBe('needs-confirmation')
  })

  test('a revoked rule confirms nothing', async () => {
    await stage.automation.grant(rule, stage.byAdmin)
    expect(await stage.automation.revoke(rule, stage.byAdmin)).toBe(true)
    expect(await stage.automation.revoke(rule, stage.byAdmin)).toBe(false)
    expect((await stage.call(byRule(rule))).status).toBe('needs-confirmation')
    expect(await stage.automation.grants(doublePlace.guild)).toEqual([])
  })

  test('a new version takes the place of the one before, however many confirm at once', async () => {
    const newer = { ...rule, pattern: 'payment.*' }
    await Promise.all([stage.automation.grant(rule, stage.byAdmin), stage.automation.grant(rule, stage.byAdmin)])
    await stage.automation.grant(newer, stage.byAdmin)
    expect((await stage.automation.grants(doublePlace.guild)).map(({ pattern }) => pattern)).toEqual(['payment.*'])
    expect((await stage.call(byRule(rule, 'a'))).status).toBe('needs-confirmation')
    expect((await stage.call(byRule(newer, 'b'))).status).toBe('started')
  })

  test('what the event fills in may be anything; what the person wrote may not', async () => {
    const prefixed = { ...rule, arguments: { service: 'w{{payload.rest}}' } }
    await stage.automation.grant(prefixed, stage.byAdmin)
    expect((await stage.call({ ...byRule(prefixed, 'c'), arguments: { service: 'api' } })).status).toBe('needs-confirmation')
    expect((await stage.call({ ...byRule(prefixed, 'b'), arguments: { service: 'web' } })).status).toBe('started')
    const filled = { ...rule, arguments: { service: '{{payload.service}}' } }
    await stage.automation.grant(filled, stage.byAdmin)
    expect((await stage.call({ ...byRule(filled, 'a'), arguments: { service: 'api' } })).status).toBe('started')
  })

  test('a role is needed all the same', async () => {
    await stage.permit('viewer')
    await stage.automation.grant(rule, stage.byAdmin)
    expect((await stage.call(byRule(rule))).status).toBe('denied')
  })
})

test('a rule that could never work is not confirmed, and only commands for admins may confirm', async () => {
  const faults: readonly [Partial<RuleVersion>, string][] = [
    [{ command: 'restrat' }, 'There is no command /restrat.'],
    [{ command: 'operation.settle' }, 'for people only'],
    [{ arguments: {} }, '/restart needs “service”'],
    [{ arguments: { service: 'web', colour: 'red' } }, 'no option “colour”'],
    [{ arguments: { service: 'web', environment: 'staging' } }, 'no option “environment”'],
    [{ environment: 'nowhere' }, 'There is no environment “nowhere”'],
  ]
  for (const [wrong, sentence] of faults) {
    const granting = stage.automation.grant({ ...rule, ...wrong }, stage.byAdmin)
    await expect(granting).rejects.toThrow(sentence)
    await expect(granting).rejects.toBeInstanceOf(UserError)
  }
  await expect(stage.automation.grant(rule, { ...stage.byAdmin, command: 'restart' })).rejects.toThrow('not for admins alone')
  expect(await stage.automation.grants(doublePlace.guild)).toEqual([])
})

describe('over HTTP', () => {
  test('whoever is no service with a token for the bot is turned away', async () => {
    const tokens: readonly [string | null, number][] = [
      [null, 401],
      [await tokensOf('zapier-integration').forService('voice-processor'), 401],
      [stage.userToken({ sub: 'ci', role: 'admin' }), 403],
    ]
    for (const [token, status] of tokens) expect((await stage.post(request, token)).statusCode).toBe(status)
    expect(stage.queued).toEqual([])
  })

  test('a call that does not fit is a 422', async () => {
    const bodies: readonly object[] = [
      { ...request, key: '' },
      { ...request, key: 'x'.repeat(201) },
      { ...request, key: 'a\0b' },
      { ...request, reason: undefined },
      { ...request, arguments: { service: { name: 'web' } } },
      { ...request, arguments: Object.fromEntries(Array.from({ length: 26 }, (_, index) => [`a${index}`, 1])) },
      { ...request, actor: 'member:1' },
      [],
    ]
    for (const body of bodies) expect((await stage.post(body)).statusCode).toBe(422)
  })
})
