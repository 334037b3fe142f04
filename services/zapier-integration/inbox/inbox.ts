import { Refusal } from '#src/service/refusal.ts'
import type { Acceptance, Arrival } from './accept.ts'

/** The door in front of the inbox's table. */
export interface Inbox {
  /**
   * Resolves once the arrival's own transaction is committed. Throws Refusal (503 with `Retry-After`) where too many wait already, or the
   * database did not take it: then it must be sent again.
   */
  accept(arrival: Arrival): Promise<Acceptance>
  figures(): { readonly waiting: number }
}

export interface InboxDeps {
  readonly write: (arrivals: readonly Arrival[]) => Promise<readonly Acceptance[]>
  /** Told after each commit, before its senders are. */
  readonly onAccepted: () => void
  readonly onFailure: (error: unknown) => void
  /** A pause between two statements while few wait. */
  readonly sleep: (ms: number) => Promise<void>
  readonly limits?: Partial<InboxLimits>
}

/** Arrivals of one statement; what may wait for theirs: its number, and its characters; how long few wait for more company, in ms. */
export const inboxLimits = { batch: 256, waiting: 4_096, characters: 32_000_000, few: 32, gatherMs: 5 } as const

export type InboxLimits = Readonly<Record<keyof typeof inboxLimits, number>>

interface Waiting {
  readonly arrival: Arrival
  readonly resolve: (acceptance: Acceptance) => void
  readonly reject: (error: unknown) => void
}

/**
 * While one statement is under way, whatever comes waits for the next: the busier, the larger the lots, and each pays for one commit. The
 * first after a silence is written at once.
 */
export function createInbox({ write, onAccepted, onFailure, sleep, limits }: InboxDeps): Inbox {
  const { batch, waiting: most, characters: mostCharacters, few, gatherMs } = { ...inboxLimits, ...limits }
  let queue: Waiting[] = []
  let characters = 0
  let writing = false

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
    try {
      const acceptances = await write(lot.map(({ arrival }) => arrival))
      if (acceptances.some(({ accepted }) => accepted)) onAccepted()
      for (const [at, { arrival, resolve }] of lot.entries()) {
        characters -= arrival.payload.length
        resolve(acceptances[at]!)
      }
    } catch (error) {
      // One that the database cannot read must not take the others of its lot with it.
      if (lot.length > 1 && isDataFault(error)) {
        for (const one of lot) await writeLot([one])
        return
      }
      onFailure(error)
      for (const { reject } of lot)
        reject(new Refusal(503, 'The inbox cannot be written now. Send it again later.', { 'retry-after': '5' }))
    }
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
    figures: () => ({ waiting: queue.length }),
  }
}

/** SQLSTATE class 22. https://www.postgresql.org/docs/current/errcodes-appendix.html */
function isDataFault(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('22')
}
