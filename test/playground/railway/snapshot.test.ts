import { expect, test } from 'vitest'
import { seedTables } from '#playground/railway/seed.ts'
import { restoreTables } from '#playground/railway/snapshot.ts'
import type { Commit } from '#playground/railway/world/model.ts'
import { asking } from './asking.ts'
import { mount } from './mounted.ts'

test('deployments, replicas and variables survive a restart, and what served is started again', async () => {
  const first = await mount()
  await first.railway.whenHealthy('staging')
  const api = asking(first)
  const changes: string[] = []
  first.railway.onChange(() => changes.push('changed'))
  const id = await api.deploy()
  await api.until(id, 'SUCCESS')
  expect(changes.length).toBeGreaterThan(0)
  await api.scale({ 'europe-west4-drams3a': { numReplicas: 2 } })
  await api.untilRunning(id, 2)
  const history = (await api.history()).map((one) => one.id)
  const url = api.url()
  const saved = JSON.stringify(first.railway.snapshot())
  expect(saved).not.toContain('hush')
  await first.close()

  const second = await mount({ snapshot: JSON.parse(saved), baseEnv: { JWT_SECRET: 'another', DATABASE_URL: 'postgres://elsewhere/db' } })
  await second.railway.whenHealthy('staging')
  const again = asking(second)
  expect((await again.history()).map((one) => one.id)).toEqual(history)
  await again.untilRunning(id, 2)
  expect(again.url()).toBe(url)
  expect(JSON.parse(await again.visit('/env'))).toMatchObject({ JWT_SECRET: 'another', RAILWAY_DEPLOYMENT_ID: id })
  await second.close()
})

test('a deployment that was under way is rolled out after the restart', async () => {
  const first = await mount({ pacing: { initializeMs: 60_000 } })
  const id = await asking(first).deploy()
  const saved = structuredClone(first.railway.snapshot())
  await first.close()
  const second = await mount({ snapshot: saved })
  await asking(second).until(id, 'SUCCESS')
  await second.close()
})

test('an environment has what is its own, at the first start and after a restart', async () => {
  const stores = (name: string) => ({ ownEnv: { staging: { DATABASE_URL: `postgres://${name}/staging` } } })
  const first = await mount(stores('here'))
  await first.railway.whenHealthy('staging')
  expect(JSON.parse(await asking(first).visit('/env'))).toMatchObject({ DATABASE_URL: 'postgres://here/staging', JWT_SECRET: 'hush' })
  const saved = structuredClone(first.railway.snapshot())
  await first.close()
  const second = await mount({ snapshot: saved, ...stores('there') })
  await second.railway.whenHealthy('staging')
  expect(JSON.parse(await asking(second).visit('/env'))).toMatchObject({ DATABASE_URL: 'postgres://there/staging' })
  await second.close()
})

test('a playground that was begun before there were other bad versions gets them, each once', () => {
  const railway = seedTables({ now: new Date('2026-03-01T12:00:00Z'), baseEnv: {} })
  const isOld = ({ behaviour }: Commit) => behaviour === 'good' || behaviour === 'fails-health-check'
  const services = railway.services.map((service) => ({ ...service, commits: service.commits.filter(isOld) }))
  const deployments = railway.deployments.filter(({ commit }) => commit && isOld(commit))
  const restored = restoreTables({ version: 3, tables: { ...railway, services, deployments } }, {})
  expect(restored.services).toEqual(railway.services)
  expect(restored.deployments.map(({ id }) => id).sort()).toEqual(railway.deployments.map(({ id }) => id).sort())
  expect(restoreTables({ version: 3, tables: restored }, {})).toEqual(restored)
})

test('a snapshot of another kind is refused in words', async () => {
  await expect(mount({ snapshot: { something: 'else' } })).rejects.toThrow('remove it to begin anew')
})
