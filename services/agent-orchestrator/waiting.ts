import type { Clock } from '#src/kernel/clock.ts'

/** Requests that wait for something to happen to a subject. Told at once by this process; what another one does is found by looking again. */
export interface Waiting {
  /** Looks, and looks again when told and now and then, until there is an answer or that many milliseconds have passed. */
  until<Answer>(subject: string, ms: number, look: () => Promise<Answer | undefined>): Promise<Answer | undefined>
  tell(subject: string): void
  /** Lets everybody go with what there is: the service stops. */
  end(): void
}

/** How often each looks by itself, in ms, and how many may wait at once: whoever comes then is answered with what there is. */
export const limits = { lookMs: 1_000, most: 500 } as const

export function createWaiting(clock: Clock): Waiting {
  const alarms = new Map<string, Set<AbortController>>()
  let ended = false
  let many = 0

  function ring(subject: string): void {
    for (const alarm of alarms.get(subject) ?? []) alarm.abort()
  }

  /** An alarm that rings from now on, so that nothing is missed between a look and the sleep after it. */
  function listen(subject: string): { readonly signal: AbortSignal; stop(): void } {
    const alarm = new AbortController()
    const others = alarms.get(subject) ?? new Set()
    alarms.set(subject, others.add(alarm))
    return {
      signal: alarm.signal,
      stop() {
        others.delete(alarm)
        if (others.size === 0 && alarms.get(subject) === others) alarms.delete(subject)
      },
    }
  }

  return {
    async until(subject, ms, look) {
      const deadline = clock.now().getTime() + ms
      const mayWait = many < limits.most
      many += 1
      try {
        for (;;) {
          const alarm = listen(subject)
          try {
            const answer = await look()
            const left = deadline - clock.now().getTime()
            if (answer !== undefined || left <= 0 || !mayWait || ended) return answer
            await clock.sleep(Math.min(left, limits.lookMs), alarm.signal)
          } finally {
            alarm.stop()
          }
        }
      } finally {
        many -= 1
      }
    },
    tell: ring,
    end() {
      ended = true
      for (const subject of alarms.keys()) ring(subject)
    },
  }
}
