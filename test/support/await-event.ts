import type { EventEmitter } from 'node:events'

/**
 * Resolves with the first defined value of `read`, asked now and after each `change` event of the source; rejects with `complaint()`
 * after the deadline (10 s), or when the source emits `failure` with an error.
 */
export function awaitEvent<Value>(
  source: EventEmitter,
  read: () => Value | undefined,
  complaint: () => string,
  deadlineMs = 10_000,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer)
      source.off('change', look)
      source.off('failure', fail)
      act()
    }
    const fail = (error: Error) => settle(() => reject(error))
    const look = () => {
      try {
        const value = read()
        if (value !== undefined) settle(() => resolve(value))
      } catch (error) {
        settle(() => reject(error))
      }
    }
    const timer = setTimeout(() => settle(() => reject(new Error(`after ${deadlineMs} ms: ${complaint()}`))), deadlineMs)
    source.on('change', look)
    source.on('failure', fail)
    look()
  })
}
