import { afterEach, expect, test } from 'vitest'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Untold } from '#src/signals/signal-rows.ts'
import type { Turned } from '#src/signals/signals.ts'
import { createTeller } from '#src/signals/teller.ts'
import { place, turnedClock } from '#test/environments/railway-of.ts'
import { quietLog } from '#test/support/quiet-log.ts'

const away = new UpstreamError('Redis cannot be reached now.', {
  provider: 'Redis',
  operation: 'publish',
  retryable: true,
  outcome: 'ambiguous',
})
const settled = () => new Promise((resolve) => setImmediate(resolve))
let stop: () => Promise<void>
afterEach(() => stop())

/** A teller of these turns, each `service to`, and what becomes of them. `takes`: whether the events take a turn. */
async function tellerOf(
  turns: readonly string[],
  given: { takes?: (turn: string) => boolean | Promise<boolean>; redis?: () => boolean } = {},
) {
  const { takes = () => true, redis = () => true } = given
  const time = turnedClock()
  const kept = turns.map((turn, n) => {
    const [name = '', to = ''] = turn.split(' ')
    const service = { id: `id-${name}`, name }
    const turned = { place, environment: 'production', service, from: 'unknown', to, reason: '', since: new Date(0) } as unknown as Turned
    return { id: String(n), turned, told: false, published: false }
  })
  const told: string[] = []
  const published: string[] = []
  const words = ({ service, to }: Turned) => `${service.name} ${to}`
  const teller = createTeller({
    rows: {
      untold: async (): Promise<readonly Untold[]> => kept.filter((one) => !one.told || !one.published).map((one) => ({ ...one })),
      mark: async (id, what) => void Object.assign(kept[Number(id)]!, what === 'told_at' ? { told: true } : { published: true }),
    },
    emit: async (_, turned) => {
      told.push(words(turned as Turned))
      return takes(words(turned as Turned))
    },
    streams: {
      publish: async (_, { service, to }) => {
        if (!redis()) throw away
        published.push(`${service} ${to}`)
        return '1-0'
      },
    },
    mayTell: () => true,
    clock: time.clock,
    log: quietLog(),
  })
  teller.start()
  stop = async () => {
    time.turn(3_600_000)
    await teller.stop()
  }
  await settled()
  return {
    told,
    published,
    async pass(seconds: number) {
      for (let gone = 0; gone < seconds; gone += 1) {
        time.turn(1_000)
        await settled()
      }
    },
  }
}

test('turns are told and published once, those of a service in their order', async () => {
  const { told, published, pass } = await tellerOf(['api down', 'web down', 'api healthy'])
  await pass(60)
  expect(told.toSorted()).toEqual(['api down', 'api healthy', 'web down'])
  expect(told.indexOf('api down')).toBeLessThan(told.indexOf('api healthy'))
  expect(published).toEqual(['api down', 'web down', 'api healthy'])
})

test('what is not taken is told again, less and less often; its end waits for it, and nobody else does', async () => {
  let isWell = false
  const { told, pass } = await tellerOf(['api down', 'web down', 'api healthy'], { takes: (turn) => turn !== 'api down' || isWell })
  await pass(120)
  expect(told).not.toContain('api healthy')
  expect(told.filter((turn) => turn === 'web down')).toHaveLength(1)
  const tries = told.filter((turn) => turn === 'api down').length
  expect(tries).toBeGreaterThan(2)
  expect(tries).toBeLessThan(7)
  isWell = true
  await pass(300)
  expect(told.slice(-2)).toEqual(['api down', 'api healthy'])
})

test('who takes for ever is not waited for', async () => {
  const { told, pass } = await tellerOf(['api down', 'web down'], { takes: (turn) => turn !== 'api down' || new Promise(() => {}) })
  await pass(11)
  expect(told).toContain('web down')
  await pass(10)
  expect(told.filter((turn) => turn === 'api down')).toHaveLength(2)
})

test('while Redis is away the events are told all the same, and what was to be published is when it is back', async () => {
  let isThere = false
  const { told, published, pass } = await tellerOf(['api down'], { redis: () => isThere })
  expect(told).toEqual(['api down'])
  isThere = true
  await pass(6)
  expect(published).toEqual(['api down'])
  expect(told).toEqual(['api down'])
})
