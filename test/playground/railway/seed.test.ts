import { expect, test } from 'vitest'
import { behaviours } from '#playground/railway/behaviours.ts'
import { seedDeployment, seededServices, seedInstance, seedService, seedTables } from '#playground/railway/seed.ts'
import { canRollback } from '#playground/railway/world/deployment-facts.ts'
import type { Tables } from '#playground/railway/world/model.ts'
import { mount } from './mounted.ts'

const now = new Date('2026-03-01T12:00:00Z')

test('the seed is the same each time, ids and all', () => {
  const seed = () => seedTables({ now, baseEnv: { JWT_SECRET: 'x' } })
  expect(seed()).toEqual(seed())
  const { instances, services, environments } = seed()
  expect(services.map(({ name }) => name)).toEqual(seededServices)
  expect(environments.map(({ name }) => name)).toEqual(['production', 'staging'])
  expect(instances).toHaveLength(8)
  const ids = Object.values(seed()).flatMap((rows) => (Array.isArray(rows) ? rows.flatMap((row) => ('id' in row ? [row.id] : [])) : []))
  expect(new Set(ids).size).toBe(ids.length)
})

test('staging has tried the version that fails its health check; production can go forward, and back', () => {
  const { deployments, environments, services } = seedTables({ now, baseEnv: {} })
  for (const service of services) {
    const of = (environment: string) => {
      const { id } = environments.find((one) => one.name === environment)!
      return deployments.filter((one) => one.serviceId === service.id && one.environmentId === id)
    }
    const failed = of('staging').find(({ status }) => status === 'FAILED')!
    expect(failed.commit?.behaviour).toBe('fails-health-check')
    const [live] = of('production')
    expect(live).toMatchObject({ status: 'SUCCESS', commit: { behaviour: 'good' } })
    expect(service.commits[0]).toMatchObject({ behaviour: 'good' })
    expect(service.commits[0]).not.toEqual(live!.commit)
    expect(of('production').filter(({ status }) => status === 'REMOVED')).toHaveLength(2)
  }
})

test('every version was deployed somewhere, so that it can be asked for; what staging tried of the bad ones is no place to go back to', () => {
  const { deployments, services } = seedTables({ now, baseEnv: {} })
  for (const { id, commits } of services) {
    expect(new Set(commits.map(({ behaviour }) => behaviour))).toEqual(new Set(Object.keys(behaviours)))
    for (const { sha, behaviour } of commits) {
      const of = deployments.filter(({ serviceId, commit }) => serviceId === id && commit?.sha === sha)
      expect(of).not.toEqual([])
      if (behaviour !== 'good') expect(of.filter((one) => canRollback(one, 'HOBBY', now))).toEqual([])
    }
  }
})

test('500 services without processes are read in one request, page by page where asked', async () => {
  const mounted = await mount({ seed: many })
  await mounted.railway.whenHealthy('production')
  const { environments } = mounted.railway.credentials()
  const query = `query ($id: String!, $first: Int, $after: String) {
    environment(id: $id) {
      serviceInstances(first: $first, after: $after) {
        edges { node { serviceName numReplicas latestDeployment { status instances { status } } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`
  const ask = async (first: number, after?: string) =>
    (await mounted.ask(query, { id: environments.production!.id, first, after })).data.environment.serviceInstances
  const all = await ask(500)
  expect(all.edges).toHaveLength(500)
  expect(all.pageInfo.hasNextPage).toBe(false)
  expect(all.edges[499].node).toEqual({
    serviceName: 'service-499',
    numReplicas: 1,
    latestDeployment: { status: 'SUCCESS', instances: [{ status: 'RUNNING' }] },
  })
  const first = await ask(300)
  expect(first.pageInfo.hasNextPage).toBe(true)
  const rest = await ask(300, first.pageInfo.endCursor)
  expect([rest.edges.length, rest.edges[0].node.serviceName, rest.pageInfo.hasNextPage]).toEqual([200, 'service-300', false])
  await mounted.close()
})

function many(options: { readonly now: Date; readonly baseEnv: Readonly<Record<string, string>> }): Tables {
  const tables = seedTables({ ...options, services: [] })
  const [production] = tables.environments
  const createdAt = options.now.toISOString()
  const services = Array.from({ length: 500 }, (_, index) => seedService(`service-${index}`, createdAt, { simulated: true }))
  const instances = services.map((service) => seedInstance(service, production!))
  const deployments = instances.map((instance, index) => seedDeployment(instance, services[index]!.commits[0]!, createdAt))
  return { ...tables, services, instances, deployments }
}
