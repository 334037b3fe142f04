import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DeploymentStatus } from '#src/adapters/railway/railway.ts'
import { judge } from '#src/health/judge.ts'
import { deploymentWith, serviceWith } from './states.ts'

const replicaStates = ['CRASHED', 'CREATED', 'EXITED', 'INITIALIZING', 'REMOVED', 'REMOVING', 'RESTARTING', 'RUNNING', 'SKIPPED', 'STOPPED']
const statuses: readonly DeploymentStatus[] = [
  'BUILDING',
  'CRASHED',
  'DEPLOYING',
  'FAILED',
  'INITIALIZING',
  'NEEDS_APPROVAL',
  'QUEUED',
  'REMOVED',
  'REMOVING',
  'SKIPPED',
  'SLEEPING',
  'SUCCESS',
  'WAITING',
]
const conditions = ['healthy', 'degraded', 'down', 'deploying', 'sleeping', 'unknown', 'stopped']

describe('a service that serves', () => {
  test.each([
    ['all replicas run', 3, ['RUNNING', 'RUNNING', 'RUNNING'], 'healthy', '3 of 3 replicas run.'],
    ['its one replica runs', 1, ['RUNNING'], 'healthy', 'Its one replica runs.'],
    ['replicas that were removed do not count', 1, ['REMOVED', 'RUNNING', 'REMOVING'], 'healthy', 'Its one replica runs.'],
    ['one restarts', 3, ['RUNNING', 'RUNNING', 'RESTARTING'], 'degraded', '2 of 3 replicas run; one crashed and is being restarted.'],
    ['one crashed', 2, ['RUNNING', 'CRASHED'], 'degraded', '1 of 2 replicas runs; one crashed.'],
    ['one is missing', 2, ['RUNNING'], 'degraded', '1 of 2 replicas runs.'],
    [
      'a crash loop that still reads SUCCESS',
      1,
      ['RESTARTING'],
      'down',
      'Its one replica does not run; it crashed and is being restarted.',
    ],
    ['dead while it still reads SUCCESS', 2, ['EXITED', 'CRASHED'], 'down', 'None of 2 replicas runs; one crashed; one ended.'],
    ['its replicas are starting', 2, ['CREATED', 'INITIALIZING'], 'deploying', 'None of 2 replicas runs; 2 are starting.'],
  ])('%s', (_, replicas, states, condition, reason) => {
    expect(judge(serviceWith(deploymentWith('SUCCESS', states), { replicas }))).toEqual({ condition, reason })
  })

  test('is judged by what it was made with, not by what a failed deployment wanted', () => {
    const serving = deploymentWith('SUCCESS', ['RUNNING'], { regions: { a: 1 } })
    const latest = deploymentWith('FAILED', [], { id: 'deployment-2', regions: { a: 3 } })
    expect(judge(serviceWith(serving, { latest, replicas: 3 }))).toEqual({
      condition: 'healthy',
      reason: 'Its one replica runs; its newest deployment failed.',
    })
  })

  test('is deploying while a new deployment rolls out, and not less than down when it was down', () => {
    const latest = deploymentWith('BUILDING', [], { id: 'deployment-2' })
    expect(judge(serviceWith(deploymentWith('SUCCESS', ['RUNNING']), { latest }))).toMatchObject({
      condition: 'deploying',
      reason: 'Its one replica runs; a new deployment is being built.',
    })
    expect(judge(serviceWith(deploymentWith('CRASHED', ['CRASHED']), { latest })).condition).toBe('down')
  })

  test('sleeping, crashed, stopped', () => {
    expect(judge(serviceWith(deploymentWith('SLEEPING', []))).condition).toBe('sleeping')
    expect(judge(serviceWith(deploymentWith('CRASHED', ['CRASHED']))).condition).toBe('down')
    expect(judge(serviceWith(deploymentWith('SUCCESS', [], { stopped: true }))).condition).toBe('stopped')
    expect(judge(serviceWith(deploymentWith('SUCCESS', []))).condition).toBe('unknown')
  })
})

describe('a cron service', () => {
  const cron = '0 3 * * *'
  test.each([
    ['between its runs nothing runs', deploymentWith('SUCCESS', ['EXITED']), 'healthy'],
    ['completed', deploymentWith('SUCCESS', [], { stopped: true }), 'healthy'],
    ['a run is under way', deploymentWith('SUCCESS', ['RUNNING']), 'healthy'],
    ['its last run crashed', deploymentWith('CRASHED', ['CRASHED']), 'down'],
  ])('%s', (_, serving, condition) => {
    expect(judge(serviceWith(serving, { cron })).condition).toBe(condition)
  })
})

test.each([
  [undefined, 'stopped'],
  ['FAILED', 'down'],
  ['BUILDING', 'deploying'],
  ['NEEDS_APPROVAL', 'deploying'],
  ['REMOVED', 'stopped'],
  ['SKIPPED', 'stopped'],
] as const)('where nothing serves and the newest deployment is %s: %s', (status, condition) => {
  expect(judge(serviceWith(undefined, { latest: status && deploymentWith(status, []) })).condition).toBe(condition)
})

const anyDeployment = fc
  .record({
    status: fc.constantFrom(...statuses),
    replicas: fc.array(fc.constantFrom(...replicaStates), { maxLength: 6 }),
    stopped: fc.boolean(),
    id: fc.constantFrom('a', 'b'),
  })
  .map(({ status, replicas, stopped, id }) => deploymentWith(status, replicas, { stopped, id }))
const anyService = fc
  .record({
    serving: fc.option(anyDeployment, { nil: undefined }),
    latest: fc.option(anyDeployment, { nil: undefined }),
    replicas: fc.integer({ min: 1, max: 6 }),
    cron: fc.option(fc.constant('0 3 * * *'), { nil: undefined }),
  })
  .map(({ serving, ...rest }) => serviceWith(serving, rest))

test('whatever Railway says: one condition, and one plain sentence why', () => {
  fc.assert(
    fc.property(anyService, (service) => {
      const { condition, reason } = judge(service)
      expect(conditions).toContain(condition)
      expect(reason).toMatch(/^[A-Z0-9][^\n]*[^.]\.$/)
      expect(reason.length).toBeLessThan(200)
    }),
  )
})

test('healthy only where every replica that is wanted runs, or a schedule says that none need to', () => {
  fc.assert(
    fc.property(anyService, (service) => {
      if (judge(service).condition !== 'healthy' || service.cron) return
      const serving = service.serving ?? service.latest
      expect(serving?.instances.filter(({ status }) => status === 'RUNNING').length).toBeGreaterThanOrEqual(service.replicas)
      expect(serving?.instances.some(({ status }) => status === 'RESTARTING' || status === 'CRASHED')).toBe(false)
    }),
  )
})
