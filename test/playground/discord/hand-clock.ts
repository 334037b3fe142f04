import { EventEmitter } from 'node:events'
import type { Clock } from '#src/kernel/clock.ts'
import { awaitEvent } from '#test/support/await-event.ts'

export interface HandClock extends Clock {
  turn(ms: number): Promise<void>
  /** Resolves once somebody sleeps for that long. */
  slept(ms: number): Promise<void>
}

/** A clock that stands still until it is turned; turning it ends the sleeps that are due. */
export function handClock(start = new Date('2026-06-01T12:00:00Z')): HandClock {
  let now = start.getTime()
  const changes = new EventEmitter()
  const sleepers = new Set<{ readonly until: number; wake(): void }>()
  return {
    now: () => new Date(now),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const sleeper = {
          until: now + ms,
          wake: () => {
            sleepers.delete(sleeper)
            resolve()
          },
        }
        sleepers.add(sleeper)
        changes.emit('change')
        signal?.addEventListener('abort', sleeper.wake, { once: true })
      }),
    slept: async (ms) => {
      const asleep = () => [...sleepers].some(({ until }) => until === now + ms) || undefined
      await awaitEvent(changes, asleep, () => `nobody sleeps for ${ms} ms`)
    },
    turn: async (ms) => {
      now += ms
      for (const sleeper of [...sleepers].sort((one, other) => one.until - other.until)) if (sleeper.until <= now) sleeper.wake()
      await Promise.resolve()
    },
  }
}
