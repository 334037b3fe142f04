import type { Clock } from '#src/kernel/clock.ts'
import { Refusal } from './refusal.ts'

export const refusals = {
  unavailable: () => new Refusal('UNAVAILABLE', 'The service is currently unavailable.'),
  internal: () => new Refusal('INTERNAL', 'Internal error encountered.'),
  permission: () =>
    new Refusal(
      'PERMISSION_DENIED',
      'Cloud Speech-to-Text API has not been used in project helix-playground before or it is disabled. Enable it, then retry.',
    ),
  invalid: () => new Refusal('INVALID_ARGUMENT', 'Request contains an invalid argument.'),
  quota: () =>
    new Refusal(
      'RESOURCE_EXHAUSTED',
      "Quota exceeded for quota metric 'Requests' and limit 'Requests per minute' of service 'speech.googleapis.com' for consumer 'project_number:100'.",
    ),
} as const

/** What goes wrong with calls until it has gone wrong often enough, or is cleared. */
export interface Troubles {
  refuse(kind: keyof typeof refusals, times: number): void
  /** Every answer waits for so long. */
  slow(ms: number): void
  /** Cuts the streams that are open, and so many of those that begin later, at their first audio. Answers how many were open. */
  cut(later: number): number
  clear(): void
  /** At the beginning of a call. Throws Refusal. */
  begin(): void
  /** Before an answer. */
  wait(): Promise<void>
  /** A stream that can be cut; answers how to forget it, and whether it is to be cut at its first audio. */
  open(cut: () => void): { readonly forget: () => void; readonly doomed: boolean }
}

export function createTroubles(clock: Clock): Troubles {
  const waiting: (keyof typeof refusals)[] = []
  const streams = new Set<() => void>()
  let awake = new AbortController()
  let slowMs = 0
  let later = 0
  return {
    refuse: (kind, times) => void waiting.push(...Array<typeof kind>(times).fill(kind)),
    slow(ms) {
      slowMs = ms
    },
    cut(count) {
      const open = [...streams]
      for (const cut of open) cut()
      later += count
      return open.length
    },
    clear() {
      waiting.length = 0
      later = 0
      slowMs = 0
      awake.abort()
      awake = new AbortController()
    },
    begin() {
      const kind = waiting.shift()
      if (kind) throw refusals[kind]()
    },
    wait: () => (slowMs > 0 ? clock.sleep(slowMs, awake.signal) : Promise.resolve()),
    open(cut) {
      streams.add(cut)
      const doomed = later > 0
      if (doomed) later--
      return { forget: () => void streams.delete(cut), doomed }
    },
  }
}
