import type { Claims } from '#src/claims/claims.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Emit } from '#src/kernel/emit.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Notice } from './notice.ts'
import { turnsOf } from './turns.ts'

/** The name of the event; its payload is a Told. */
export const webhookEvent = 'railway.webhook'

export const intakeDefaults = {
  /** Kept at once: beyond it the newest is dropped, and the health cycle finds what it said. */
  most: 1_000,
  /** After a failure, in ms. */
  retryMs: 2_000,
  /** Attempts to carry out one that was claimed. */
  tries: 5,
} as const

/** Railway tries again within minutes; a body without a time of its own may mean another event later. */
const SAME_BODY_MS = { timed: 24 * 3_600_000, untimed: 10 * 60_000 } as const

/** Webhooks that were answered and are still to be carried out, one after the other. */
export interface Intake {
  /** At once: neither waits nor throws. */
  take(notice: Notice): void
  /** Resolves when nothing is left to be carried out. */
  idle(): Promise<void>
  /** Carries out what it can of what it has. */
  stop(): Promise<void>
}

export interface IntakeParts {
  readonly claims: Pick<Claims, 'claimFor'>
  readonly emit: Emit
  /** Told of each, whether it was known already. May throw. */
  readonly note: (notice: Notice, known: boolean) => Promise<void>
  readonly clock: Clock
  readonly log: Log
}

interface Waiting {
  readonly notice: Notice
  /** `unsure`: the database failed in the middle, and may have it as known. To carry it out twice does no harm, to lose it would. */
  claim: 'open' | 'unsure' | 'mine'
  tries: number
}

export function createIntake({ claims, emit, note, clock, log }: IntakeParts): Intake {
  const queue: Waiting[] = []
  const stopping = new AbortController()
  let working: Promise<void> | undefined
  let dropped = 0
  let failing = false

  async function work(): Promise<void> {
    for (let next = queue[0]; next; next = queue[0]) {
      if ((await isDone(next)) || stopping.signal.aborted) queue.shift()
      else await clock.sleep(intakeDefaults.retryMs, stopping.signal)
    }
    if (dropped > 0) log.warn({ dropped }, 'webhooks of Railway were dropped: too many came while the database was slow or away')
    dropped = 0
    working = undefined
  }

  async function isDone(waiting: Waiting): Promise<boolean> {
    const { notice } = waiting
    try {
      if (waiting.claim !== 'mine' && !(await claimed(waiting))) return true
      failing = false
    } catch (err) {
      waiting.claim = 'unsure'
      if (!failing) log.warn({ err }, 'webhooks of Railway wait for the database')
      failing = true
      return false
    }
    waiting.tries += 1
    return (await emit(webhookEvent, { ...notice, turns: turnsOf(notice) })) || waiting.tries >= intakeDefaults.tries
  }

  async function claimed(waiting: Waiting): Promise<boolean> {
    const isMine = (await isFirst(waiting.notice)) || waiting.claim === 'unsure'
    await note(waiting.notice, !isMine)
    if (isMine) waiting.claim = 'mine'
    return isMine
  }

  /** Over all processes. What differs in anything but how its type is spelled is another: two monitors fire for one deployment. */
  function isFirst({ digest, at }: Notice): Promise<boolean> {
    return claims.claimFor(`webhook:body:${digest}`, at ? SAME_BODY_MS.timed : SAME_BODY_MS.untimed)
  }

  return {
    take(notice) {
      if (queue.length >= intakeDefaults.most) dropped += 1
      else queue.push({ notice, claim: 'open', tries: 0 })
      working ??= work()
    },
    idle: async () => void (await working),
    async stop() {
      stopping.abort()
      await working
    },
  }
}
