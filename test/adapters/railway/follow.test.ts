import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DeploymentState, LogLine } from '#src/adapters/railway/railway.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { connect, secretToken } from './connect.ts'
import { collect, followedWorld } from './followed-world.ts'
import { fault } from './graphql-server.ts'

let world: Awaited<ReturnType<typeof followedWorld>>
let stop: AbortController
const statuses = (states: readonly DeploymentState[]) => states.map(({ status }) => status)
const messages = (batches: readonly (readonly LogLine[])[]) => batches.flat().map(({ message }) => message)
const running = { instances: [{ id: 'replica-1', status: 'RUNNING' as const }] }

beforeEach(async () => {
  stop = new AbortController()
  world = await followedWorld()
})
afterEach(async () => {
  stop.abort()
  await world.server.close()
})

describe('following a deployment', () => {
  const follow = (options = {}) => collect(connect(world.server.url, options).followDeployment('deployment-1', stop.signal))

  test('tells how it stands, each change once, and ends with its verdict', async () => {
    const followed = follow()
    await world.subscribed(1)
    world.tell({ status: 'DEPLOYING' })
    world.tell({ status: 'DEPLOYING' })
    world.tell({ instances: [{ id: 'replica-1', status: 'INITIALIZING' }] })
    world.tell({ status: 'SUCCESS', ...running })
    await followed.done
    expect(statuses(followed.values)).toEqual(['BUILDING', 'DEPLOYING', 'DEPLOYING', 'SUCCESS'])
    expect(followed.values.at(-1)?.instances).toEqual([{ id: 'replica-1', status: 'RUNNING' }])
  })

  test('sends the token and ?q= with the upgrade request', async () => {
    follow({ token: { kind: 'project', value: secretToken } })
    await world.subscribed(1)
    expect(world.server.upgrades[0]?.headers['project-access-token']).toBe(secretToken)
    expect(world.server.upgrades[0]?.headers['user-agent']).toBe('Helix/1.2.3')
    expect(world.server.upgrades[0]?.url).toBe('/graphql/v2?q=DeploymentStream')
  })

  test('misses nothing when the subscription is cut', async () => {
    const followed = follow()
    await world.subscribed(1)
    world.server.cut()
    world.tell({ status: 'FAILED' })
    await followed.done
    expect(statuses(followed.values)).toEqual(['BUILDING', 'FAILED'])
  })

  test('goes on by polling where there is no subscription to be had', async () => {
    world.server.refuseUpgrades()
    const followed = follow()
    await followed.until((states) => states.length === 1)
    world.tell({ status: 'DEPLOYING' })
    await followed.until((states) => states.length === 2)
    world.tell({ status: 'SUCCESS', ...running })
    await followed.done
    expect(statuses(followed.values)).toEqual(['BUILDING', 'DEPLOYING', 'SUCCESS'])
    expect(world.server.upgrades).toHaveLength(0)
  })

  test('outlives an outage that is longer than a read is tried', async () => {
    world.server.faults.push(...Array.from({ length: 6 }, () => fault.status(503, '<html>')))
    const followed = follow({ timeouts: { overallReadMs: 2000 } })
    await world.subscribed(1)
    world.tell({ status: 'SUCCESS' })
    await followed.done
    expect(statuses(followed.values)).toEqual(['BUILDING', 'SUCCESS'])
  })

  test('throws where Railway refuses', async () => {
    world.server.faults.push(fault.errors('Not Authorized'))
    await expect(follow().done).rejects.toThrow(UpstreamError)
  })

  test('ends at once with the signal, and with close()', async () => {
    const followed = follow()
    await world.subscribed(1)
    stop.abort()
    await followed.done
    const railway = connect(world.server.url)
    const other = collect(railway.followDeployment('deployment-1', new AbortController().signal))
    await world.subscribed(2)
    await railway.close()
    await other.done
    expect(statuses(other.values)).toEqual(['BUILDING'])
  })
})

describe('following logs', () => {
  const follow = () => collect(connect(world.server.url).followLogs({ deploymentId: 'deployment-1', signal: stop.signal }))

  test('tells each line once, over reconnects that repeat them', async () => {
    const followed = follow()
    await world.subscribed(1)
    world.say(1, 'one', 'two')
    await followed.until((batches) => messages(batches).length === 2)
    world.server.cut()
    world.say(2, 'three')
    await world.subscribed(2)
    world.say(3, 'four')
    await followed.until((batches) => messages(batches).length === 4)
    stop.abort()
    await followed.done
    expect(messages(followed.values)).toEqual(['one', 'two', 'three', 'four'])
  })

  test('the same text at another time is another line', async () => {
    const followed = follow()
    await world.subscribed(1)
    world.say(1, 'tick')
    world.say(2, 'tick')
    await followed.until((batches) => messages(batches).length === 2)
  })

  test('does not tell what was before', async () => {
    world.say(-60 * 24 * 365 * 80, 'long ago')
    const followed = follow()
    await world.subscribed(1)
    world.say(1, 'now')
    await followed.until((batches) => batches.length === 1)
    expect(messages(followed.values)).toEqual(['now'])
  })

  test('goes on by polling where there is no subscription to be had', async () => {
    world.server.refuseUpgrades()
    const followed = follow()
    world.say(1, 'one')
    await followed.until((batches) => messages(batches).length === 1)
    world.say(2, 'two')
    await followed.until((batches) => messages(batches).length === 2)
    expect(messages(followed.values)).toEqual(['one', 'two'])
  })
})
