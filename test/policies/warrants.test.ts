import { describe, expect, test } from 'vitest'
import type { Call } from '#src/kernel/call.ts'
import type { Policy } from '#src/policies/policy.ts'
import { place, policyStage, restarts } from './stage.ts'

type Stage = Awaited<ReturnType<typeof policyStage>>

const callOf = (stage: Stage, { id, digest }: Policy, given: Partial<Call> = {}): Call => ({
  key: `policy:${crypto.randomUUID()}`,
  command: 'restart',
  raw: { service: stage.api.id },
  actor: { kind: 'helix', policy: 'heal:api-sick', enabledBy: 'member:7' },
  door: 'automation',
  place,
  cause: { reason: 'api is down.', rule: { id, digest } },
  ...given,
})

test('what a live policy says is done in production without a question, and stands in the audit with its reason and its version', async () => {
  const stage = await policyStage()
  const { id, digest } = await stage.set()
  await stage.process().make(place, new Date('2026-11-21T12:00:00Z'), () => restarts(stage.api.id))
  const [operation] = await stage.operationsMade()
  await stage.perform(operation!.id)
  expect((await stage.rowOf(operation!.id)).status).toBe('succeeded')
  const rows = (await stage.audited()).slice(1)
  expect(rows.map(({ event }) => event)).toEqual(expect.arrayContaining(['received', 'confirmed', 'started', 'answered', 'finished']))
  expect(new Set(rows.map(({ actor }) => actor))).toEqual(new Set(['helix:heal:api-sick']))
  const cause = { reason: 'api is down.', rule: { id, digest } }
  for (const row of rows.filter(({ event }) => ['received', 'confirmed', 'started'].includes(event))) expect(row.cause).toEqual(cause)
  expect(rows.find(({ event }) => event === 'confirmed')!.outcome).toContain('By a rule that Ada (member:7) confirmed at')
})

describe('denied, and audited as such, is', () => {
  test.each<[string, (stage: Stage, policy: Policy) => Promise<Call> | Call]>([
    [
      'another version',
      async (stage, policy) => {
        await stage.set('api-sick', { steps: 'restart x2' })
        return callOf(stage, policy)
      },
    ],
    ['another policy', (stage, policy) => callOf(stage, { ...policy, id: crypto.randomUUID() })],
    ['another environment', (stage, policy) => callOf(stage, policy, { place: { ...place, environment: 'other' } })],
    ['another server', (stage, policy) => callOf(stage, policy, { place: { ...place, guild: '2' } })],
    ['another command', (stage, policy) => callOf(stage, policy, { command: 'redeploy' })],
    ['another service', (stage, policy) => callOf(stage, policy, { raw: { service: stage.web.id } })],
    ['another argument', (stage, policy) => callOf(stage, policy, { raw: { service: stage.api.id, environment: 'production' } })],
    ['a call without a policy', (stage, { digest }) => callOf(stage, { id: '', digest } as Policy, { cause: { reason: 'I want to.' } })],
    [
      'a policy that is off',
      async (stage, policy) => {
        await stage.policies.switch(stage.call(), 'api-sick', 'off')
        return callOf(stage, policy)
      },
    ],
    [
      'a policy that only simulates',
      async (stage, policy) => {
        await stage.policies.switch(stage.call(), 'api-sick', 'simulate')
        return callOf(stage, policy)
      },
    ],
    [
      'a policy that is gone',
      async (stage, policy) => {
        await stage.policies.remove(stage.call(), 'api-sick')
        return callOf(stage, policy)
      },
    ],
    [
      'whatever is asked while everything is stopped',
      async (stage, policy) => {
        await stage.stops.stop(stage.call(), 'Migration')
        return callOf(stage, policy)
      },
    ],
  ])('%s', async (_, made) => {
    const stage = await policyStage()
    const call = await made(stage, await stage.set())
    expect(await stage.ask(call)).toEqual({
      status: 'denied',
      sentence: 'Helix (heal:api-sick) may not do this (any more): no policy that acts says so now. Nothing was done.',
    })
    const rows = await stage.store.db.selectFrom('audit').select('event').where('call', '=', call.key).orderBy('id').execute()
    expect(rows.map(({ event }) => event)).toEqual(['received', 'denied'])
    expect(await stage.operationsMade()).toEqual([])
  })

  test('what somebody else asks in Helix’ name', async () => {
    const stage = await policyStage()
    const policy = await stage.set()
    const call = callOf(stage, policy, { actor: { kind: 'token', id: 'zapier-integration', name: 'Zapier' } })
    expect(await stage.ask(call)).toMatchObject({ status: 'denied' })
  })
})

describe('a policy of healing may', () => {
  test.each([
    ['scale +2 max 4', 'scale', { replicas: 4 }, true],
    ['scale +2 max 4', 'scale', { replicas: 5 }, false],
    ['scale +2 max 4', 'scale', { replicas: 3, region: 'us-west2' }, false],
    ['rollback', 'rollback', { deployment: 'd1' }, true],
    ['rollback', 'rollback', {}, false],
    ['restart', 'rollback', { deployment: 'd1' }, false],
    ['run restart service=api', 'restart', { service: 'api' }, true],
    ['run restart service=api', 'restart', { service: 'web' }, false],
  ])('by “%s” call %s with %o: %s', async (steps, command, given, allowed) => {
    const stage = await policyStage()
    const policy = await stage.set('api-sick', { steps })
    const covered = await stage.warrants.covering(callOf(stage, policy, { command, raw: { service: stage.api.id, ...given } }))
    expect(covered?.id).toBe(allowed ? policy.id : undefined)
  })
})
