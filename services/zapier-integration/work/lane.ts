import type { Kysely } from 'kysely'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Loop } from '#src/kernel/loop.ts'
import type { Outcome, Tables } from '../tables.ts'
import { pauseAfter } from './backoff.ts'
import { createWork, nothing, type Turn } from './work.ts'
import { type Settlement, settleWork, type Taken, takeWork } from './work-queue.ts'

/** `refused`: it was understood and will never be done; trying again would not help. */
export interface Handled {
  readonly state: 'done' | 'refused'
  readonly outcome: Outcome
}

export interface LaneParts {
  readonly name: string
  readonly db: Kysely<Tables>
  /** Does it, once for its key however often it is asked. Throws where it should be tried again. */
  readonly handle: (work: Taken) => Promise<Handled>
  /** Pieces that are done at the same moment. */
  readonly atOnce: number
  /** Nothing is taken while this is false: an outage costs no attempts. */
  readonly canWork?: () => boolean
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
}

/** How long one piece may be held, in ms, and how often it is tried before it is a dead letter (an hour and a quarter, all pauses together). */
export const laneLimits = { leaseMs: 15_000, attempts: 15 } as const

/** Takes what is due of one kind, does it, writes down what came of it. Slow work of one lane holds up no other. */
export function createLane({ name, db, handle, atOnce, canWork = () => true, clock, log, random }: LaneParts): Loop {
  async function turn(): Promise<Turn> {
    if (!canWork()) return nothing
    const taken = await takeWork(db, name, { now: clock.now(), leaseMs: laneLimits.leaseMs, most: atOnce })
    if (taken.length === 0) return nothing
    const settlements = await Promise.all(taken.map(perform))
    await settleWork(db, settlements, clock.now())
    return { did: true, more: taken.length === atOnce }
  }

  async function perform(work: Taken): Promise<Settlement> {
    const { id, fence } = work
    try {
      return { id, fence, dueAt: clock.now(), ...(await handle(work)) }
    } catch (error) {
      return { id, fence, ...again(work, error) }
    }
  }

  function again({ key, attempts }: Taken, err: unknown): Pick<Settlement, 'state' | 'dueAt' | 'outcome'> {
    const upstream = err instanceof UpstreamError ? err : undefined
    const outcome = { sentence: upstream?.message ?? 'It failed by a fault of ours; the log says more.' }
    const isLast = attempts >= laneLimits.attempts
    if (isLast || !upstream) log.warn({ err, lane: name, key, attempts }, isLast ? 'given up: a dead letter' : 'work failed')
    const pauseMs = pauseAfter(attempts, random(), upstream?.fault.retryAfterMs)
    return { state: isLast ? 'dead' : 'waiting', dueAt: new Date(clock.now().getTime() + pauseMs), outcome }
  }

  return createWork({ name, turn, clock, log })
}
