import { beforeEach, expect, test } from 'vitest'
import type { Railway } from '#src/adapters/railway/railway.ts'
import { createEnvironments } from '#src/environments/create-environments.ts'
import { UserError } from '#src/kernel/errors.ts'
import { createLogs } from '#src/logs/create-logs.ts'
import type { LogRequest } from '#src/logs/logs.ts'
import { railwayFilter } from '#src/logs/railway-filter.ts'
import { place, railwayOf, stateOf, turnedClock } from '#test/environments/railway-of.ts'
import { deploymentWith, serviceWith } from '#test/health/states.ts'
import { quietLog } from '#test/support/quiet-log.ts'

const { clock } = turnedClock()
const serving = deploymentWith('SUCCESS', ['RUNNING'], { id: 'old' })
const latest = deploymentWith('FAILED', [], { id: 'new' })
let asked: Parameters<Railway['logs']>[0][]

beforeEach(() => {
  asked = []
})

function logsOf(service: ReturnType<typeof serviceWith>) {
  const railway = railwayOf({
    environment: async () => stateOf({ services: [service] }),
    logs: async (input) => {
      asked.push(input)
      return [{ at: new Date(0), severity: 'info', message: 'JWT_SECRET=correct-horse', instanceId: undefined }]
    },
  })
  const access = async () => railway
  return createLogs({ access, environments: createEnvironments({ access, clock, log: quietLog() }) })
}

const request: LogRequest = {
  service: { id: 'service-1', name: 'api' },
  deployment: undefined,
  kind: 'deploy',
  filter: undefined,
  lines: 50,
}

test('reads what serves, else what was tried last; of build logs always the newest', async () => {
  const logs = logsOf(serviceWith(serving, { latest }))
  await logs.read(place, request)
  await logs.read(place, { ...request, kind: 'build' })
  await logs.read(place, { ...request, deployment: deploymentWith('REMOVED', [], { id: 'chosen' }) })
  await logsOf(serviceWith(undefined, { latest })).read(place, request)
  expect(asked.map(({ deploymentId }) => deploymentId)).toEqual(['old', 'new', 'chosen', 'new'])
})

test('secrets in lines are masked', async () => {
  const { lines } = await logsOf(serviceWith(serving)).read(place, request)
  expect(lines[0]?.message).toBe('JWT_SECRET=••••')
})

test('a service that was never deployed has no logs, and that is said', async () => {
  const reading = logsOf(serviceWith(undefined)).read(place, request)
  await expect(reading).rejects.toThrow(UserError)
  await expect(reading).rejects.toThrow('api was never deployed in production, so it has no logs.')
})

test.each([
  ['connection refused', '"connection refused"'],
  [' say "hi" ', '"say  hi"'],
  ['@level:error', '@level:error'],
  ['-@service:abc', '-@service:abc'],
  ['  ', undefined],
  [undefined, undefined],
])('the filter %j is sent as %j', (typed, sent) => {
  expect(railwayFilter(typed)).toBe(sent)
})
