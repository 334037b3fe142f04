import { randomUUID } from 'node:crypto'
import type { Transaction } from '#src/adapters/store/store.ts'
import { ofCall } from '#src/audit/audit.ts'
import { actorKey, actorName, type Call } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Report } from '#src/kernel/report.ts'
import type { References } from '#src/references/references.ts'
import { describe } from './describe.ts'
import type { Jobs } from './jobs.ts'
import type { LedgerParts } from './ledger.ts'
import { lockedError, readLock } from './locks.ts'
import type { Operation } from './operation.ts'
import type { Plan } from './operations.ts'
import { operationOf } from './rows.ts'

export interface StartParts extends LedgerParts {
  readonly jobs: Jobs
  readonly references: Pick<References, 'consume'>
  /** It is written down, and a worker may have it already. */
  readonly onStarted?: (operation: Operation) => void
  readonly clock: Clock
}

/** See Operations.start: operation, lock, job, audit row, message and the answer that it began with are there together, or not at all. */
export function createStart({ store, delivery, audit, jobs, references, clock, onStarted }: StartParts) {
  return async (plan: Plan, call: Call): Promise<Report> => {
    const { report, operation } = await write(plan, call)
    if (operation) onStarted?.(operation)
    return report
  }

  function write(plan: Plan, call: Call): Promise<{ readonly report: Report; readonly operation?: Operation }> {
    return store.db.transaction().execute(async (tx) => {
      const operation = await insertOperation(tx, plan, call, clock.now())
      // The same call again: its operation is there already.
      if (!operation) return { report: await already(tx, call.key) }
      if (call.answers !== undefined) await references.consume(call.answers, actorKey(call.actor), tx)
      await lock(tx, operation)
      await audit.record({ ...ofCall(call), place: plan.place, event: 'started', operation: operation.id, outcome: plan.sentence }, tx)
      const report = describe(operation, {}, clock.now())
      await delivery.revise(tx, operation.id, report, plan.place)
      const shown = { subject: operation.id, place: plan.place }
      if (call.reply) await delivery.watch(tx, { ...shown, message: call.reply })
      else if (call.channel !== undefined) await delivery.post(tx, { ...shown, channel: call.channel })
      await jobs.enqueue(tx, 'operations', operation.id)
      return { report, operation }
    })
  }

  async function lock(tx: Transaction, operation: Operation): Promise<void> {
    const { id, place, change, environment, actor, sentence, createdAt } = operation
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('locks')
      .values({
        ...place,
        service: change.service.id,
        operation: id,
        owner: actorKey(actor),
        owner_name: actorName(actor),
        reason: sentence,
        since: createdAt,
      })
      .onConflict((conflict) => conflict.columns(['project', 'environment', 'service']).doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows === 1n) return
    const other = await readLock(tx, place, change.service.id)
    if (other) throw lockedError(other, `${change.service.name} in ${environment.name}`, clock)
    return lock(tx, operation) // It was released in between.
  }

  async function already(tx: Transaction, key: string): Promise<Report> {
    const row = await tx.selectFrom('operations').selectAll().where('call', '=', key).executeTakeFirstOrThrow()
    return (await delivery.newest(row.id)) ?? describe(operationOf(row), {}, clock.now())
  }
}

async function insertOperation(tx: Transaction, plan: Plan, call: Call, now: Date): Promise<Operation | undefined> {
  const { place, change } = plan
  const row = await tx
    .insertInto('operations')
    .values({
      id: randomUUID(),
      ...{ guild: place.guild, project: place.project, environment: place.environment },
      call: call.key,
      environment_name: plan.environment.name,
      change: JSON.stringify(change),
      service_id: change.service.id,
      service_name: change.service.name,
      sentence: plan.sentence,
      facts: JSON.stringify(plan.facts),
      digest: plan.digest,
      command: call.command,
      actor: JSON.stringify(call.actor),
      actor_key: actorKey(call.actor),
      door: call.door,
      cause: call.cause ? JSON.stringify(call.cause) : null,
      status: 'queued',
      created_at: now,
      ended_at: null,
    })
    .onConflict((conflict) => conflict.column('call').doNothing())
    .returningAll()
    .executeTakeFirst()
  return row && operationOf(row)
}
