import type { Clock } from '#src/kernel/clock.ts'

/** Watches for what stays away too long: `gone` starts the time for a thing, `back` ends it. */
export interface Absence {
  gone(id: number): void
  back(id: number): void
  stop(): void
}

/** Calls `tooLong` once for a thing that is not back after `longestMs`. */
export function createAbsence(clock: Clock, longestMs: number, tooLong: () => void): Absence {
  const away = new Map<number, AbortController>()

  async function watch(ended: AbortController): Promise<void> {
    await clock.sleep(longestMs, ended.signal)
    if (!ended.signal.aborted) tooLong()
  }
  return {
    gone(id) {
      if (away.has(id)) return
      const ended = new AbortController()
      away.set(id, ended)
      void watch(ended)
    },
    back(id) {
      away.get(id)?.abort()
      away.delete(id)
    },
    stop() {
      for (const ended of away.values()) ended.abort()
      away.clear()
    },
  }
}
