import { type Clock, systemClock } from '#src/kernel/clock.ts'

/** A clock that runs so many times faster than the real one: seconds of waiting pass in milliseconds, in their order. */
export function hurriedClock(times: number): Clock {
  const real = systemClock()
  const start = Date.now()
  return {
    now: () => new Date(start + (Date.now() - start) * times),
    sleep: (ms, signal) => real.sleep(ms / times, signal),
  }
}
