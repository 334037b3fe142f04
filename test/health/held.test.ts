import { describe, expect, test } from 'vitest'
import { createEnvironments } from '#src/environments/create-environments.ts'
import { createHealth, type Held } from '#src/health/create-health.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { place, railwayOf, stateOf, turnedClock } from '#test/environments/railway-of.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { deploymentWith, serviceWith } from './states.ts'

const since = new Date('2026-11-20T08:00:00Z')
const dead = serviceWith(deploymentWith('SUCCESS', ['CRASHED']))

/** Health of an environment whose one service reads dead, and is held to be as told. */
function healthOf(held: Held | undefined) {
  const { clock, turn } = turnedClock()
  let isAway = false
  const asked: Date[] = []
  const environment = async () => {
    if (isAway) throw new UpstreamError('Away.', { provider: 'Railway', operation: 'environment', retryable: true, outcome: 'ambiguous' })
    return stateOf({ readAt: clock.now(), services: [dead] })
  }
  const health = createHealth({
    environments: createEnvironments({ access: async () => railwayOf({ environment }), clock, log: quietLog() }),
    held: (_, service) => (service === dead.id ? held : undefined),
    onDiffers: (_, readAt) => void asked.push(readAt),
  })
  const goAway = () => {
    isAway = true
    turn(60_000)
  }
  return { asked, goAway, read: async () => (await health.read(place)).services[0]! }
}

describe('a service is', () => {
  test('as it reads where the cycle has no word of it', async () => {
    const { read, asked } = healthOf(undefined)
    const service = await read()
    expect(service).toMatchObject({ condition: 'down', reason: 'Its one replica does not run; it crashed.' })
    expect(service).not.toHaveProperty('since')
    expect(asked).toEqual([])
  })

  test('as it reads, since when the cycle knows, where both say the same', async () => {
    const { read, asked } = healthOf({ condition: 'down', reason: 'None of it ran.', since })
    const service = await read()
    expect(service).toMatchObject({ condition: 'down', reason: 'Its one replica does not run; it crashed.', since })
    expect(service).not.toHaveProperty('reads')
    expect(asked).toEqual([])
  })

  test('as it is held to be, with what it reads where that is another; and the cycle is asked to look', async () => {
    const { read, asked } = healthOf({ condition: 'healthy', reason: 'It ran.', since })
    await expect(read()).resolves.toMatchObject({
      service: { id: dead.id, name: 'api' },
      ...{ condition: 'healthy', reason: 'It ran.', since },
      reads: { condition: 'down', reason: 'Its one replica does not run; it crashed.' },
    })
    expect(asked).toEqual([new Date('2026-11-20T10:00:00Z')])
  })

  test('not looked at again for what Railway said long ago', async () => {
    const { read, asked, goAway } = healthOf({ condition: 'healthy', reason: 'It ran.', since })
    await read()
    goAway()
    await expect(read()).resolves.toMatchObject({ reads: { condition: 'down' } })
    expect(asked).toHaveLength(1)
  })
})
