import { beforeEach, describe, expect, test } from 'vitest'
import type { Railway, Scope } from '#src/adapters/railway/railway.ts'
import { createEnvironments } from '#src/environments/create-environments.ts'
import { createDirectory } from '#src/environments/directory.ts'
import { deploymentWith, serviceWith } from '#test/health/states.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { place, railwayOf, stateOf, turnedClock } from './railway-of.ts'

const production = { id: 'environment-1', name: 'production' }
const staging = { id: 'environment-2', name: 'staging' }
const api = { id: 'service-1', name: 'api' }

let asked: string[]
let services: string[]
let scope: Scope
let time: ReturnType<typeof turnedClock>
let directory: ReturnType<typeof createDirectory>

beforeEach(() => {
  asked = []
  services = ['web', 'api']
  scope = { kind: 'workspace', workspaces: [] }
  time = turnedClock()
  const railway: Partial<Railway> = {
    scope: async () => scope,
    project: async (id) => {
      asked.push('project')
      return { id, name: 'helix', environments: [staging, production] }
    },
    environment: async (_, id) => {
      asked.push(`environment ${id}`)
      return stateOf({ id, readAt: time.clock.now(), services: services.map((name) => serviceWith(undefined, { id: name, name })) })
    },
    deployments: async ({ environmentId }) => {
      asked.push(`deployments ${environmentId}`)
      const at = (hour: number, commit: string | undefined) =>
        deploymentWith('SUCCESS', [], { commit, message: `${commit} there`, createdAt: new Date(Date.UTC(2026, 10, 20, hour)) })
      return environmentId === staging.id ? [at(12, 'new'), at(9, 'shared')] : [at(11, 'shared'), at(10, undefined), at(8, 'old')]
    },
  }
  const access = async () => railwayOf(railway)
  const agents = async () => {
    asked.push('agents')
    return [{ id: 'kael', name: 'Kael' }]
  }
  const environments = createEnvironments({ access, clock: time.clock, log: quietLog() })
  directory = createDirectory({
    access,
    environments,
    agents,
    rules: async () => [],
    incidents: async () => [],
    alertRules: async () => [],
    policies: async () => [],
    clock: time.clock,
    log: quietLog(),
  })
})

test('environments come by name', async () => {
  await expect(directory.environments(place)).resolves.toEqual([production, staging])
})

test('a project token knows just its own environment, and does not ask for others', async () => {
  scope = { kind: 'project', project: { id: 'project-1', name: 'helix' }, environment: staging }
  await expect(directory.environments(place)).resolves.toEqual([staging])
  expect(asked).toEqual([])
})

test('agents are answered from memory, and asked anew when that is wanted', async () => {
  await directory.agents()
  await directory.agents()
  expect(asked).toEqual(['agents'])
  await expect(directory.agents('fresh')).resolves.toEqual([{ id: 'kael', name: 'Kael' }])
  expect(asked).toEqual(['agents', 'agents'])
})

describe('services', () => {
  const names = async (...given: Parameters<typeof directory.services>) => (await directory.services(...given)).map(({ name }) => name)

  test('are answered from memory at once, and refreshed in the background when older than 30 s', async () => {
    await names(place)
    services = ['api']
    time.turn(29_000)
    expect(await names(place)).toEqual(['api', 'web'])
    expect(asked).toHaveLength(1)
    time.turn(2000)
    expect(await names(place)).toEqual(['api', 'web'])
    await expect.poll(() => names(place)).toEqual(['api'])
    expect(asked).toHaveLength(2)
  })

  test('are asked anew with `fresh`', async () => {
    await names(place)
    services = ['newcomer']
    time.turn(1)
    expect(await names(place, 'fresh')).toEqual(['newcomer'])
  })

  test('of another environment can be read too', async () => {
    await names({ ...place, environment: staging.id })
    expect(asked).toEqual(['environment environment-2'])
  })
})

test('deployments are kept for each service and environment', async () => {
  await directory.deployments(place, api)
  await directory.deployments(place, api)
  await directory.deployments({ ...place, environment: staging.id }, api)
  expect(asked).toEqual(['deployments environment-1', 'deployments environment-2'])
  await directory.deployments(place, api, 'fresh')
  expect(asked).toHaveLength(3)
})

test('commits come newest first over all environments, each once', async () => {
  await expect(directory.commits(place, api)).resolves.toEqual([
    { sha: 'new', message: 'new there', environment: 'staging' },
    { sha: 'shared', message: 'shared there', environment: 'production' },
    { sha: 'old', message: 'old there', environment: 'production' },
  ])
})
