import { sql } from 'kysely'
import type { Store, Transaction } from '#src/adapters/store/store.ts'
import type { Audit, AuditEntry } from '#src/audit/audit.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { describe } from './describe.ts'
import type { Operation, Step, StepName, Steps, Verdict } from './operation.ts'
import { operationOf, readSteps } from './rows.ts'
import { TakenOver } from './run.ts'

export interface LedgerParts {
  readonly store: Store
  readonly delivery: Delivery
  readonly audit: Audit
  readonly clock: Clock
}

export type Ledger = ReturnType<typeof createLedger>

/** The part of an audit entry that every entry about the same operation shares. */
export function ofOperation({ id, actor, door, place, command, call }: Operation): Omit<AuditEntry, 'event'> {
  return { actor, door, place, command, call, operation: id }
}

/** What workers write of operations. Each write holds the row and counts only for the attempt that has it. */
export function createLedger({ store, delivery, audit, clock }: LedgerParts) {
  /** Throws TakenOver where the attempt is over, and rolls back. */
  async function fenced(operation: Operation, write: (tx: Transaction) => Promise<void>): Promise<void> {
    await store.db.transaction().execute(async (tx) => {
      await holdFence(tx, operation)
      await write(tx)
    })
  }

  async function show(tx: Transaction, operation: Operation, steps: Steps): Promise<void> {
    await delivery.revise(tx, operation.id, describe(operation, steps, clock.now()), operation.place)
  }

  return {
    /** The next attempt at an operation, for this worker alone; undefined where it is over. */
    async take(id: string): Promise<{ readonly operation: Operation; readonly steps: Steps } | undefined> {
      return store.db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('operations')
          .set((row) => ({ attempt: sql`${row.ref('attempt')} + 1`, status: 'running' as const }))
          .where('id', '=', id)
          .where('status', 'in', ['queued', 'running'])
          .returningAll()
          .executeTakeFirst()
        if (!row) return undefined
        const operation = operationOf(row)
        const steps = await readSteps(tx, id)
        const outcome = operation.attempt === 1 ? 'A worker took it.' : `Another worker took it over (attempt ${operation.attempt}).`
        await audit.record({ ...ofOperation(operation), event: 'taken', outcome }, tx)
        await show(tx, operation, steps)
        return { operation, steps }
      })
    },

    async step(operation: Operation, steps: Steps, name: StepName, step: Step): Promise<void> {
      const { guild, project, environment } = operation.place
      const written = {
        attempt: operation.attempt,
        status: step.status,
        data: JSON.stringify(step.data),
        started_at: step.startedAt,
        ended_at: step.endedAt ?? null,
      }
      await fenced(operation, async (tx) => {
        await tx
          .insertInto('operation_steps')
          .values({ operation: operation.id, step: name, guild, project, environment, ...written })
          .onConflict((conflict) => conflict.columns(['operation', 'step']).doUpdateSet(written))
          .execute()
        if (steps[name]?.status !== step.status) {
          await audit.record({ ...ofOperation(operation), event: 'step', outcome: `${name}: ${step.status}` }, tx)
        }
        await show(tx, operation, { ...steps, [name]: step })
      })
    },

    /** As they are kept. */
    steps: (id: string): Promise<Steps> => readSteps(store.db, id),

    /** Only checks. */
    check: (operation: Operation) => fenced(operation, async () => {}),

    tell: (operation: Operation, steps: Steps) => fenced(operation, (tx) => show(tx, operation, steps)),

    /** The end: verdict, lock (kept where the outcome is unknown), audit and report in one transaction. */
    async finish(operation: Operation, verdict: Verdict): Promise<Operation> {
      const { status, ...words } = verdict
      const endedAt = clock.now()
      const ended: Operation = { ...operation, status, verdict: words, endedAt }
      await fenced(operation, async (tx) => {
        await tx
          .updateTable('operations')
          .set({ status, verdict: JSON.stringify(words), ended_at: endedAt })
          .where('id', '=', operation.id)
          .execute()
        await tx
          .updateTable('operation_steps')
          .set({ ended_at: endedAt })
          .where('operation', '=', operation.id)
          .where('ended_at', 'is', null)
          .execute()
        if (status !== 'unknown') await tx.deleteFrom('locks').where('operation', '=', operation.id).execute()
        await audit.record({ ...ofOperation(operation), event: 'finished', outcome: `${status}: ${words.sentence}` }, tx)
        await show(tx, ended, await readSteps(tx, operation.id))
      })
      return ended
    },
  }
}

async function holdFence(tx: Transaction, { id, attempt }: Operation): Promise<void> {
  const row = await tx.selectFrom('operations').select(['attempt', 'status']).where('id', '=', id).forUpdate().executeTakeFirst()
  if (row?.attempt !== attempt || row.status !== 'running') throw new TakenOver(`attempt ${attempt} at ${id} is over`)
}
