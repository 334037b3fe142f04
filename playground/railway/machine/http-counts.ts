import type { Clock } from '#src/kernel/clock.ts'

/** One answer that left a service's edge. */
export interface HttpSample {
  /** Milliseconds since the epoch: when it was over. */
  readonly at: number
  readonly status: number
  readonly durationMs: number
}

/** Half an hour at 100 a second. */
const kept = 200_000
const dropped = 10_000

/** What an edge saw of HTTP, in memory only. */
export interface HttpCounts {
  add(status: number, durationMs: number): void
  /** Oldest first, both ends included. */
  between(from: number, until: number): readonly HttpSample[]
}

export function createHttpCounts(clock: Clock): HttpCounts {
  const samples: HttpSample[] = []

  /** The index of the first that is not before. */
  function firstSince(at: number): number {
    let [low, high] = [0, samples.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (samples[middle]!.at < at) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    add(status, durationMs) {
      samples.push({ at: clock.now().getTime(), status, durationMs })
      if (samples.length > kept + dropped) samples.splice(0, dropped)
    },
    between: (from, until) => samples.slice(firstSince(from), firstSince(until + 1)),
  }
}
