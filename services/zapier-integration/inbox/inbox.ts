import { isDataFault } from '#src/adapters/store/data-fault.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import { Refusal } from '#src/service/refusal.ts'
import type { Acceptance, Arrival } from './accept.ts'

/** The door in front of the inbox's table. */
export interface Inbox {
  /**
   * Resolves once the arrival's own transaction is committed. Throws Refusal: 503 with `Retry-After` where too many wait already, the
   * database did not take it (it must be sent again), or did not say whether it did (sent again it is known); 422 for one that it can never
   * take.
   */
  accept(arrival: Arrival): Promise<Acceptance>
  figures(): Readonly<Record<'waiting' | 'waitingCharacters', number>>
}

export interface InboxDeps {
  readonly write: (arrivals: readonly Arrival[]) => Promise<readonly Acceptance[]>
  /** Told after each commit, before its senders are. */
  readonly onAccepted: () => void
  /** A pause between two statements while few wait. */
  readonly sleep: (ms: number) => Promise<void>
  readonly log: Log
  readonly limits?: Partial<InboxLimits>
}

/** Arrivals of one statement; what may wait for theirs: its number, and its characters; how long few wait for more company, in ms. */
export const inboxLimits = { batch: 256, waiting: 4_096, characters: 32_000_000, few: 32, gatherMs: 5 } as const

export type InboxLimits = Readonly<Record<keyof typeof inboxLimits, number>>

const sentences = {
  notTaken: 'The inbox cannot be written now, and this was not taken. Send it again later.',
  inDoubt: 'The inbox does not answer: this may have been taken. Send the same again later; it takes effect once.',
} as const
const comeAgain = { 'retry-after': '5' } as const

interface Waiting {
  readonly arrival: Arrival
  readonly resolve: (acceptance: Acceptance) => void
  readonly reject: (error: unknown) => void
}

/**
 * While one statement is under way, whatever comes waits for the next: the busier, the larger the lots, and each pays for one commit. The
 * first after a silence is written at once.
 */
export function createInbox({ write, onAccepted, sleep, log, limits }: InboxDeps): Inbox {
  const { batch, waiting: most, characters: mostCharacters, few, gatherMs } = { ...inboxLimits, ...limits }
  let queue: Waiting[] = []
  let characters = 0
  let writing = false
  /** Sent away since the database was last heard of; undefined while it is well. */
  let refused: number | undefined

  async function run(): Promise<void> {
    writing = true
    while (queue.length > 0) {
      const lot = queue.slice(0, batch)
      queue = queue.slice(batch)
      await writeLot(lot)
      if (queue.length > 0 && queue.length < few) await sleep(gatherMs)
    }
    writing = false
  }

  async function writeLot(lot: readonly Waiting[]): Promise<void> {
    const written = await write(lot.map(({ arrival }) => arrival)).then(
      (acceptances) => ({ acceptances }),
      (error: unknown) => ({ error }),
    )
    if ('error' in written && lot.length > 1 && isDataFault(written.error)) {
      // One that the database cannot read must not take the others of its lot with it.
      for (const one of lot) await writeLot([one])
      return
    }
    leave(lot)
    if (!('error' in written)) answer(lot, written.acceptances)
    else if (isDataFault(written.error)) refuse(lot, written.error)
    else sendAway(lot, written.error)
  }

  /** Whatever became of them, they wait no more. */
  function leave(lot: readonly Waiting[]): void {
    for (const { arrival } of lot) characters -= arrival.payload.length
  }

  function answer(lot: readonly Waiting[], acceptances: readonly Acceptance[]): void {
    if (refused !== undefined) log.info({ refused }, 'webhooks are written to the inbox again')
    refused = undefined
    if (acceptances.some(({ accepted }) => accepted)) onAccepted()
    for (const [at, { resolve }] of lot.entries()) resolve(acceptances[at]!)
  }

  function refuse(lot: readonly Waiting[], err: unknown): void {
    log.warn({ err, event: lot[0]?.arrival.id }, 'an arrival can never be written to the inbox')
    for (const { reject } of lot) reject(new Refusal(422, 'It holds something that cannot be kept.'))
  }

  /** Where the database cannot be asked, nobody else of those who wait tries in vain. */
  function sendAway(lot: readonly Waiting[], err: unknown): void {
    if (refused === undefined) log.warn({ err }, 'webhooks cannot be written to the inbox: their senders are told to come again')
    const isAway = err instanceof UpstreamError
    const others = isAway ? queue : []
    if (isAway) queue = []
    leave(others)
    refused = (refused ?? 0) + lot.length + others.length
    const inDoubt = isAway && err.fault.outcome === 'ambiguous'
    for (const { reject } of lot) reject(new Refusal(503, inDoubt ? sentences.inDoubt : sentences.notTaken, comeAgain))
    for (const { reject } of others) reject(new Refusal(503, sentences.notTaken, comeAgain))
  }

  return {
    accept(arrival) {
      if (queue.length >= most || characters + arrival.payload.length > mostCharacters)
        throw new Refusal(503, 'Too many webhooks at once. Send it again in a moment.', { 'retry-after': '1' })
      characters += arrival.payload.length
      return new Promise((resolve, reject) => {
        queue.push({ arrival, resolve, reject })
        if (!writing) void run()
      })
    },
    figures: () => ({ waiting: queue.length, waitingCharacters: characters }),
  }
}
