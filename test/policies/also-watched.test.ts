import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { UpstreamError } from '#src/kernel/errors.ts'
import { createAlsoWatched } from '#src/policies/also-watched.ts'
import { place, policyStage } from './stage.ts'

const other = { ...place, environment: 'other-id' }

async function open() {
  const stage = await policyStage()
  const { store, clock, log } = stage
  let patterns: readonly string[] = ['*']
  let away = false
  const alsoWatched = createAlsoWatched({
    ...{ store, clock, log, own: () => [place] },
    named: async () => patterns,
    environments: async () => {
      if (away) throw new UpstreamError('Railway is away.', { provider: 'railway', operation: 'x', retryable: true, outcome: 'refused' })
      return [place.environment, 'other-id', 'third-id'].map((id) => ({ id, name: id.replace('-id', '') }))
    },
  })
  return {
    ...stage,
    /** What holds for five seconds is over. */
    async now() {
      await clock.turn(5_000)
      return (await alsoWatched()).map(({ environment }) => environment)
    },
    name: (...all: readonly string[]) => (patterns = all),
    goAway: () => (away = true),
  }
}

test('an environment is watched as long as a policy of it is on', async () => {
  const { now, policies, call, api } = await open()
  expect(await now()).toEqual([])
  const rules = { when: { kind: 'health' }, steps: 'restart' }
  await policies.set({ ...call(), place: other }, { name: 'api', mode: 'act', service: { id: api.id, name: 'api' }, rules })
  expect(await now()).toEqual(['other-id'])
  await policies.switch({ ...call(), place: other }, 'api', 'off')
  expect(await now()).toEqual([])
})

test('an environment is watched until its incidents are over', async () => {
  const { now, store, clock } = await open()
  const id = randomUUID()
  const { guild, project } = place
  const words = { title: 'api is down', sentence: 'It is down.', environment_name: 'other', trouble_group: 'api' }
  const open_ = { state: 'open', severity: 'critical', since: clock.now(), opened_at: clock.now(), route: '{}', facts: '[]' } as const
  await store.db
    .insertInto('incidents')
    .values({ id, guild, project, environment: 'other-id', number: 1, ...words, ...open_ } as never)
    .execute()
  expect(await now()).toEqual(['other-id'])
  await store.db.updateTable('incidents').set({ state: 'resolved', resolved_at: clock.now() }).where('id', '=', id).execute()
  expect(await now()).toEqual([])
})

test('an environment is watched that an alert rule names, and goes on to be while Railway is away', async () => {
  const { now, name, goAway } = await open()
  name('*', 'oth*')
  expect(await now()).toEqual(['other-id'])
  goAway()
  expect(await now()).toEqual(['other-id'])
})
