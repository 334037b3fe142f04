import { expect, test } from 'vitest'
import type { Call } from '#src/kernel/call.ts'
import type { DeploymentRef, Directory } from '#src/kernel/directory.ts'
import deployments from '../../commands/deployments.ts'

const now = new Date('2026-08-21T14:05:00Z')
const service = { id: 's', name: 'api' }
const call = { place: { guild: 'g', project: 'p', environment: 'e' }, raw: { service: 'api' } } as unknown as Call

function deployed(id: string, commit: string, minutesAgo: number, status = 'REMOVED'): DeploymentRef {
  const createdAt = new Date(now.getTime() - minutesAgo * 60_000)
  return { id, commit, createdAt, status, message: 'Fix', image: undefined, canRollback: status === 'REMOVED', canRedeploy: true }
}

async function report(all: readonly DeploymentRef[]) {
  const directory = { environments: async () => [{ id: 'e', name: 'production' }], deployments: async () => all } as unknown as Directory
  return deployments.run(
    { service, count: 10, environment: undefined },
    { directory, clock: { now: () => now, sleep: async () => {} }, call },
  )
}

test('names the version that can be rolled back to', async () => {
  const { sentence, actions } = await report([
    deployed('aaaaaaaa1', 'a'.repeat(40), 5, 'SUCCESS'),
    deployed('bbbbbbbb1', 'b'.repeat(40), 65),
  ])
  expect(sentence).toBe(
    'The newest deployment of api in production is aaaaaaa (success), begun 5 min ago. It can be rolled back to bbbbbbb.',
  )
  expect(actions?.map(({ label }) => label)).toEqual(['Roll back to bbbbbbb'])
})

test('tells it apart where it is of the same version', async () => {
  const { sentence, actions } = await report([
    deployed('aaaaaaaa1', 'a'.repeat(40), 5, 'SUCCESS'),
    deployed('bbbbbbbb1', 'a'.repeat(40), 65),
  ])
  expect(sentence).toMatch(/ It can be rolled back to aaaaaaa of 21 Aug 13:00 UTC \(deployment bbbbbbbb\)\.$/)
  expect(actions?.map(({ label }) => label)).toEqual(['Roll back to aaaaaaa of 21 Aug 13:00'])
})
