import { expect, test, vi } from 'vitest'
import { createServiceHealth } from '#src/service/service-health.ts'
import { quietLog } from '#test/support/quiet-log.ts'

/** Time stands still until `pass`. */
function handClock() {
  let now = Date.parse('2026-11-21T00:00:00Z')
  const sleepers = new Set<{ at: number; wake: () => void }>()
  return {
    now: () => new Date(now),
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => {
        const sleeper = { at: now + ms, wake: resolve }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          resolve()
        })
      }),
    pass(ms: number) {
      now += ms
      for (const sleeper of sleepers) if (sleeper.at <= now) sleeper.wake()
    },
  }
}

function watched(check: () => Promise<void>) {
  const clock = handClock()
  const log = { ...quietLog(), warn: vi.fn(), info: vi.fn() }
  const health = createServiceHealth({ components: { store: { check, close: async () => {} } }, log, clock })
  return { clock, log, read: () => health.read() }
}

test('one reading serves every asker for a second', async () => {
  const check = vi.fn(async () => {})
  const { clock, read } = watched(check)
  await Promise.all([read(), read(), read()])
  clock.pass(999)
  await read()
  expect(check).toHaveBeenCalledTimes(1)
  clock.pass(1)
  expect(await read()).toMatchObject({ status: 'healthy', components: { store: { status: 'up', since: '2026-11-21T00:00:00.000Z' } } })
  expect(check).toHaveBeenCalledTimes(2)
})

test('a store that hangs is down after a second, and is not asked again before it has answered', async () => {
  let answer = () => {}
  const check = vi.fn(() => new Promise<void>((resolve) => (answer = resolve)))
  const { clock, read } = watched(check)
  for (const _ of [1, 2]) {
    const reading = read()
    clock.pass(1_000)
    expect(await reading).toMatchObject({ status: 'degraded', components: { store: { status: 'down', reason: 'no answer in time' } } })
    clock.pass(1_000)
  }
  expect(check).toHaveBeenCalledTimes(1)
  const reading = read()
  answer()
  expect(await reading).toMatchObject({ status: 'healthy' })
})

test('an outage is logged once when it begins and once when it ends', async () => {
  let broken = true
  const { clock, log, read } = watched(async () => {
    if (broken) throw new Error('ECONNREFUSED')
  })
  for (const _ of [1, 2, 3]) {
    expect(JSON.stringify(await read())).not.toContain('ECONNREFUSED')
    clock.pass(1_000)
  }
  broken = false
  await read()
  expect(log.warn).toHaveBeenCalledOnce()
  expect(log.info).toHaveBeenCalledOnce()
})
