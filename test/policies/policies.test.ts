import { describe, expect, test } from 'vitest'
import { mostPolicies } from '#src/policies/create-policies.ts'
import { ada, place, policyStage } from './stage.ts'

const omar = { kind: 'member', id: '8', name: 'Omar' } as const

describe('a policy', () => {
  test('is set, and confirmed by whoever set it; the same name again is another version of the same', async () => {
    const { set, policies, audited } = await policyStage()
    const first = await set()
    expect(first).toMatchObject({
      kind: 'heal',
      name: 'api-sick',
      mode: 'act',
      by: 'member:7',
      byName: 'Ada',
      channel: '5',
      environment: 'staging',
    })
    const second = await set('api-sick', { steps: 'restart x2' })
    expect(second.id).toBe(first.id)
    expect(second.digest).not.toBe(first.digest)
    expect((await set('api-sick', { steps: 'restart x2' })).digest).toBe(second.digest)
    expect(await policies.list(place)).toHaveLength(1)
    expect(await policies.list({ ...place, environment: 'other' })).toEqual([])
    const confirmed = (await audited()).filter(({ event }) => event === 'confirmed')
    expect(confirmed.map(({ cause }) => cause?.rule?.digest)).toEqual([first.digest, second.digest, second.digest])
    expect(confirmed[0]!.outcome).toBe('Helix may do by itself from now on what the policy heal:api-sick says of api.')
  })

  test('that only simulates or is off confirms nothing; switched on it does, by whoever switched it', async () => {
    const { set, policies, audited, call } = await policyStage()
    await set('api-sick', {}, 'simulate')
    expect(await audited()).toEqual([])
    expect(await policies.switch(call(omar), 'API-sick', 'act')).toMatchObject({ mode: 'act', byName: 'Omar' })
    expect((await audited()).map(({ event, actor }) => [event, actor])).toEqual([['confirmed', 'member:8']])
  })

  test.each([
    ['api-sick', { steps: 'restrt' }, 'Nothing was set: “steps” cannot be read: “restrt” is no step (did you mean restart?).'],
    ['api-sick', { wait: '1s' }, '“wait” must be a length of time from 10 s to 1 d, such as 5m'],
    ['api-sick', { when: { kind: 'cpu', for: '5m' } }, '“when” above is missing: say above or below which figure'],
    ['api-sick', { when: { kind: 'stream', channel: 'agent_events' } }, 'must be the health of a service or one of its figures'],
    ['api-sick', { perHour: 0 }, '“perHour”'],
    ['api-sick', { unknown: 1 }, '“unknown” is not known here'],
    ['No Name', {}, '“No Name” is no name for a policy'],
    ['a'.repeat(51), {}, 'at most 50'],
  ])('%s with %o is refused with its fault, and nothing is set', async (name, rules, fault) => {
    const { set, policies } = await policyStage()
    await expect(set(name, rules)).rejects.toThrow(fault)
    expect(await policies.list(place)).toEqual([])
  })

  test('that is not there is asked about with the nearest name', async () => {
    const { set, policies, call } = await policyStage()
    await expect(policies.named(place, 'x')).rejects.toThrow('There is none in this environment yet.')
    await set()
    await expect(policies.remove(call(), 'api-sik')).rejects.toThrow('Did you mean api-sick?')
    await expect(policies.switch(call(), 'nothing-like-it', 'off')).rejects.toThrow('There are api-sick.')
    expect(await policies.remove(call(), 'api-sick')).toMatchObject({ name: 'api-sick' })
    expect(await policies.list(place)).toEqual([])
  })

  test('one too many is refused, also where many are set at one moment', async () => {
    const { set, policies, store } = await policyStage()
    await set('first')
    const [row] = await store.db.selectFrom('policies').selectAll().execute()
    const many = Array.from({ length: mostPolicies - 2 }, (_, index) => ({
      ...row!,
      ...{ id: crypto.randomUUID(), name: `p${index}`, rules: JSON.stringify(row!.rules), state: null },
    }))
    await store.db.insertInto('policies').values(many).execute()
    const set3 = await Promise.allSettled(['a', 'b', 'c'].map((name) => set(name)))
    expect(set3.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await policies.list(place)).toHaveLength(mostPolicies)
    await expect(set('first')).resolves.toMatchObject({ name: 'first' })
  })

  test('that another version of Helix wrote, and this one cannot read, is not there', async () => {
    const { set, policies, store } = await policyStage()
    await set()
    await store.db
      .updateTable('policies')
      .set({ rules: JSON.stringify({ when: 'moon' }) })
      .execute()
    expect(await policies.list(place)).toEqual([])
  })
})

test('the stop is one for a server, said with who and why, and gone when somebody resumes', async () => {
  const { stops, call } = await policyStage()
  expect(await stops.stopped(place.guild)).toBeUndefined()
  await expect(stops.resume(call())).rejects.toThrow('not stopped')
  const [one, other] = await Promise.allSettled([stops.stop(call(ada), 'Migration'), stops.stop(call(omar), 'Fire')])
  expect([one.status, other.status].sort()).toEqual(['fulfilled', 'rejected'])
  await expect(stops.stop(call(), 'again')).rejects.toThrow(/stopped already, by (Ada|Omar) \(“(Migration|Fire)”\)/)
  expect(await stops.stopped('2')).toBeUndefined()
  await stops.resume(call())
  expect(await stops.stopped(place.guild)).toBeUndefined()
})
