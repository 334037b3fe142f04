import { expect, test } from 'vitest'
import { createEnvironments } from '#src/environments/create-environments.ts'
import { createHealth } from '#src/health/create-health.ts'
import { place, railwayOf, stateOf, turnedClock } from '#test/environments/railway-of.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { deploymentWith, serviceWith } from './states.ts'

test('health of an environment is judged from its one shared reading', async () => {
  let asked = 0
  const { clock } = turnedClock()
  const environment = async () => {
    asked += 1
    return stateOf({ unmergedChanges: 2, services: [serviceWith(deploymentWith('SUCCESS', ['RUNNING']))] })
  }
  const environments = createEnvironments({ access: async () => railwayOf({ environment }), clock, log: quietLog() })
  const health = createHealth({ environments })
  await environments.state(place)
  await expect(health.read(place)).resolves.toMatchObject({
    environment: { id: 'environment-1', name: 'production' },
    stale: false,
    unmergedChanges: 2,
    services: [{ condition: 'healthy', reason: 'Its one replica runs.', service: { name: 'api' } }],
  })
  expect(asked).toBe(1)
})
