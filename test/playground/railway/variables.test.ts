import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedInstance, seedService, seedTables } from '#playground/railway/seed.ts'
import { referencesIn, renderVariables } from '#playground/railway/world/variables.ts'
import { createWorld } from '#playground/railway/world/world.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { asking } from './asking.ts'
import { eventually, type Mounted, mount } from './mounted.ts'

/** A reference as it is written in a value. */
const ref = (path: string) => `\${{${path}}}`

let mounted: Mounted
let api: ReturnType<typeof asking>
beforeAll(async () => {
  mounted = await mount()
  await mounted.railway.whenHealthy('staging')
  api = asking(mounted)
})
afterAll(() => mounted.close())

const write = (variables: object, more: object = {}) =>
  api.ok('mutation ($input: VariableCollectionUpsertInput!) { variableCollectionUpsert(input: $input) }', {
    input: {
      projectId: mounted.railway.credentials().projectId,
      environmentId: api.environmentId,
      serviceId: api.serviceId,
      variables,
      ...more,
    },
  })
const read = async (more = '') =>
  (
    await api.ok(
      `query ($projectId: String!, $environmentId: String!, $serviceId: String) {
        variables(projectId: $projectId, environmentId: $environmentId, serviceId: $serviceId ${more})
      }`,
      { projectId: mounted.railway.credentials().projectId },
    )
  ).variables

test('a process gets its own variables with references filled in, Railway’s, and nothing of the playground’s', async () => {
  const environment = JSON.parse(await api.visit('/env')) as Record<string, string>
  expect(environment).toMatchObject({
    DATABASE_URL: 'postgres://somewhere/db',
    JWT_SECRET: 'hush',
    RAILWAY_SERVICE_NAME: 'api',
    RAILWAY_ENVIRONMENT_NAME: 'staging',
    RAILWAY_PUBLIC_DOMAIN: new URL(api.url()).host,
    RAILWAY_GIT_COMMIT_SHA: api.service().commits[0].sha,
    RAILWAY_REPLICA_REGION: 'europe-west4-drams3a',
  })
  expect(Object.keys(environment).filter((name) => !/^(RAILWAY_\w+|PORT|DATABASE_URL|JWT_SECRET|NODE_CHANNEL_\w+)$/.test(name))).toEqual([])
})

test('several variables deploy once, or not at all where asked so', async () => {
  const before = (await api.history()).length
  await write({ ONE: '1', TWO: `${ref('ONE')}2`, THREE: `${ref('shared.JWT_SECRET')}!`, FOUR: ref('api.RAILWAY_PUBLIC_DOMAIN') })
  const history = await api.history()
  expect(history).toHaveLength(before + 1)
  await api.until(history[0]!.id, 'SUCCESS')
  const environment = JSON.parse(await api.visit('/env')) as Record<string, string>
  expect(environment).toMatchObject({ ONE: '1', TWO: '12', THREE: 'hush!', FOUR: new URL(api.url()).host })
  await write({ FIVE: '5' }, { skipDeploys: true })
  expect(await api.history()).toHaveLength(before + 1)
  expect(await read()).toMatchObject({ FIVE: '5', TWO: '12' })
  expect(await read(', unrendered: true')).toMatchObject({ TWO: `${ref('ONE')}2` })
})

test('a sealed variable reaches the process and is never read again', async () => {
  const patch = { services: { [api.serviceId]: { variables: { SECRET: { value: 'sealed-value', isSealed: true } } } } }
  await api.ok(
    'mutation ($environmentId: String!, $patch: EnvironmentConfig) { environmentPatchCommit(environmentId: $environmentId, patch: $patch) }',
    {
      patch,
    },
  )
  const [latest] = await api.history()
  await api.until(latest!.id, 'SUCCESS')
  expect(JSON.parse(await api.visit('/env'))).toHaveProperty('SECRET', 'sealed-value')
  expect(await read()).not.toHaveProperty('SECRET')
  const { environment } = await api.ok(
    'query ($environmentId: String!) { environment(id: $environmentId) { config(decryptVariables: true) } }',
  )
  expect(JSON.stringify(environment.config)).not.toContain('sealed-value')
})

test('a deleted variable is gone from the next deployment; a name that cannot be one is refused', async () => {
  await eventually(
    async () => (await api.history())[0]!.status,
    (status) => status === 'SUCCESS',
  )
  const input = {
    projectId: mounted.railway.credentials().projectId,
    environmentId: api.environmentId,
    serviceId: api.serviceId,
    name: 'ONE',
  }
  await api.ok('mutation ($input: VariableDeleteInput!) { variableDelete(input: $input) }', { input })
  const [latest] = await api.history()
  await api.until(latest!.id, 'SUCCESS')
  expect(JSON.parse(await api.visit('/env'))).not.toHaveProperty('ONE')
  await expect(write({ 'NOT A NAME': 'x' })).rejects.toThrow('is not a variable name')
})

test('names and references are listed without values', async () => {
  const { environment } = await api.ok(
    'query ($environmentId: String!) { environment(id: $environmentId) { variables { edges { node { name serviceId references isSealed } } } } }',
  )
  const nodes = environment.variables.edges.map(({ node }: { node: object }) => node)
  expect(nodes).toContainEqual({ name: 'JWT_SECRET', serviceId: null, references: [], isSealed: false })
  expect(nodes).toContainEqual({ name: 'THREE', serviceId: api.serviceId, references: ['shared.JWT_SECRET'], isSealed: false })
})

test('whatever refers to whatever, rendering ends and leaves no reference', () => {
  const names = ['A', 'B', 'C'] as const
  const piece = fc.oneof(
    fc.constantFrom(ref('A'), ref('B'), ref('shared.A'), ref('other.C'), ref('self.B'), ref('nobody.X')),
    fc.constant('text'),
  )
  const value = fc.array(piece, { maxLength: 3 }).map((pieces) => pieces.join('-'))
  const variables = fc.record({ A: value, B: value, C: value })
  const written = (values: Record<string, string>) =>
    Object.fromEntries(names.map((name) => [name, { value: values[name]!, sealed: false }]))
  fc.assert(
    fc.property(variables, variables, variables, (own, others, shared) => {
      const tables = seedTables({ now: new Date(), baseEnv: {}, services: [] })
      const environment = { ...tables.environments[0]!, shared: written(shared) }
      const services = ['self', 'other'].map((name) => seedService(name, ''))
      const instances = services.map((one, index) => seedInstance(one, environment, {}, { variables: written(index === 0 ? own : others) }))
      const world = createWorld({ ...tables, environments: [environment], services, instances }, systemClock())
      const rendered = renderVariables(world, instances[0]!)
      for (const name of names) expect(referencesIn(rendered[name]!)).toEqual([])
    }),
  )
})
