import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Component, ComponentReading } from './component.ts'

export interface Watching {
  readonly name: string
  readonly component: Component
  readonly log: Log
  readonly clock: Clock
  /** How long one reading is good for. */
  readonly freshMs: number
  /** How long a check may take before it counts as down. */
  readonly patienceMs: number
}

interface Outcome {
  readonly status: 'up' | 'down'
  readonly checkMs: number
  readonly reason?: 'no answer in time' | 'failed'
  readonly error?: unknown
}

/**
 * Reads one component for as many askers as come: a reading is kept for `freshMs`, and there is never a second check while one has no
 * answer yet, so that a store which hangs does not fill with checks. Never rejects.
 */
export function watchComponent(watching: Watching): () => Promise<ComponentReading> {
  const { name, component, log, clock, freshMs, patienceMs } = watching
  let last: { readonly at: number; readonly reading: ReadingSoFar } | undefined
  let current: Promise<ReadingSoFar> | undefined
  let unanswered: Promise<Outcome> | undefined

  async function refresh(): Promise<ReadingSoFar> {
    unanswered ??= check(component, clock).finally(() => {
      unanswered = undefined
    })
    const outcome = await withPatience(unanswered, patienceMs, clock)
    const now = clock.now()
    const changed = last?.reading.status !== outcome.status
    if (changed) announce(outcome, last !== undefined)
    const since = changed || !last ? now.toISOString() : last.reading.since
    const { error: _, ...shown } = outcome
    const reading = { ...shown, since }
    last = { at: now.getTime(), reading }
    return reading
  }

  function announce({ status, error, reason }: Outcome, before: boolean): void {
    if (status === 'down') log.warn({ component: name, reason, err: error }, 'component is down')
    else if (before) log.info({ component: name }, 'component is up again')
  }

  return async () => {
    const fresh = last && clock.now().getTime() - last.at < freshMs
    if (!fresh) {
      current ??= refresh().finally(() => {
        current = undefined
      })
    }
    const reading = current ? await current : last!.reading
    return { ...component.figures?.(), ...reading }
  }
}

type ReadingSoFar = Omit<Outcome, 'error'> & { readonly since: string }

async function check(component: Component, clock: Clock): Promise<Outcome> {
  const started = clock.now().getTime()
  const took = () => clock.now().getTime() - started
  try {
    await component.check()
    return { status: 'up', checkMs: took() }
  } catch (error) {
    return { status: 'down', checkMs: took(), reason: 'failed', error }
  }
}

async function withPatience(outcome: Promise<Outcome>, patienceMs: number, clock: Clock): Promise<Outcome> {
  const answered = new AbortController()
  const late = clock
    .sleep(patienceMs, answered.signal)
    .then((): Outcome => ({ status: 'down', checkMs: patienceMs, reason: 'no answer in time' }))
  try {
    return await Promise.race([outcome, late])
  } finally {
    answered.abort()
  }
}
