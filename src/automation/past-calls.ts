import type { Store } from '#src/adapters/store/store.ts'
import { type Audit, type AuditEvent, ofCall } from '#src/audit/audit.ts'
import type { Call } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { CallAnswer } from './call-wire.ts'

/** What came of calls that were made before, by their keys. */
export interface PastCalls {
  /** Undefined where the key was never seen, or may be used again. */
  answerTo(key: string): Promise<CallAnswer | 'under way' | undefined>
  /** Nothing was done with it and asking again may work: the key may be used again. */
  release(call: Call): Promise<void>
}

/** No dispatch takes longer: what has no outcome by then lost its process. */
const UNDER_WAY_MS = 120_000

const told = {
  answered: 'done',
  denied: 'denied',
  refused: 'refused',
  unconfirmed: 'needs-confirmation',
  failed: 'failed',
} as const satisfies Partial<Record<AuditEvent, CallAnswer['status']>>

const relevant = [...Object.keys(told), 'received', 'released']

/** From the rows of claims, audit and operations: none of its own. The audit is never pruned, so a key stays known. */
export function createPastCalls({ store, audit, clock }: { store: Store; audit: Audit; clock: Clock }): PastCalls {
  async function operationOf(key: string): Promise<CallAnswer | undefined> {
    const row = await store.db.selectFrom('operations').select(['id', 'sentence']).where('call', '=', key).executeTakeFirst()
    return row && { status: 'started', sentence: row.sentence, operation: row.id }
  }

  function undecided(since: Date): CallAnswer | 'under way' {
    if (clock.now().getTime() - since.getTime() < UNDER_WAY_MS) return 'under way'
    const sentence =
      'Helix took this call and ended before it wrote down what came of it: look, and ask with a new key if it is still wanted.'
    return { status: 'unknown', sentence }
  }

  return {
    async answerTo(key) {
      const row = await store.db
        .selectFrom('audit')
        .select(['event', 'outcome', 'operation', 'at'])
        .where('call', '=', key)
        .where('event', 'in', relevant)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst()
      if (row && row.event in told) {
        const { outcome, operation } = row
        const sentence = outcome ?? ''
        return operation === null
          ? ((await operationOf(key)) ?? { status: told[row.event as keyof typeof told], sentence })
          : { status: 'started', sentence, operation }
      }
      const operation = await operationOf(key)
      if (operation) return operation
      if (row) return row.event === 'released' ? undefined : undecided(row.at)
      const claim = await store.db.selectFrom('claims').select('at').where('key', '=', key).executeTakeFirst()
      return claim && undecided(claim.at)
    },
    release: (call) =>
      store.db.transaction().execute(async (tx) => {
        await audit.record({ ...ofCall(call), event: 'released', outcome: 'Nothing was done: the same call may be made again.' }, tx)
        await tx.deleteFrom('claims').where('key', '=', call.key).execute()
      }),
  }
}
