import type { Clock } from '#src/kernel/clock.ts'

/** One answer that passed a service's edge. */
export interface HttpSample {
  readonly at: number
  readonly status: number
  readonly durationMs: number
}

const kept = 20_000

/**
 * What an edge saw of HTTP, without taking connections apart: an answer's head is where bytes begin with its status line, which holds
 * for every server that writes a head in one piece.
 */
export interface HttpCounts {
  samples(): readonly HttpSample[]
  refused(): void
  connection(): { asked(): void; answered(bytes: Buffer): void }
}

export function createHttpCounts(clock: Clock): HttpCounts {
  const samples: HttpSample[] = []
  function add(status: number, durationMs: number): void {
    samples.push({ at: clock.now().getTime(), status, durationMs })
    if (samples.length > kept + 1_000) samples.splice(0, samples.length - kept)
  }
  return {
    samples: () => samples,
    refused: () => add(502, 0),
    connection() {
      let since: number | undefined
      return {
        asked() {
          since ??= performance.now()
        },
        answered(bytes) {
          const status = /^HTTP\/1\.[01] (\d{3}) /.exec(bytes.toString('latin1', 0, 16))?.[1]
          if (!status || since === undefined) return
          add(Number(status), performance.now() - since)
          since = undefined
        },
      }
    },
  }
}
