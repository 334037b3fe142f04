import { type Actor, actorName } from '#src/kernel/call.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Report } from '#src/kernel/report.ts'
import { describe } from './describe.ts'
import { type LedgerParts, ofOperation } from './ledger.ts'
import type { Operation } from './operation.ts'
import { isOperationId } from './operation-id.ts'
import { operationOf, readSteps } from './rows.ts'

export interface SettleParts extends LedgerParts {
  readonly onSettled: (operation: Operation) => void
}

/** See Operations.settle. */
export function createSettle({ store, delivery, audit, clock, onSettled }: SettleParts) {
  return async (id: string, outcome: 'happened' | 'did-not-happen', actor: Actor): Promise<Report> => {
    const { report, settled } = await store.db.transaction().execute(async (tx) => {
      const row = isOperationId(id)
        ? await tx.selectFrom('operations').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
        : undefined
      if (!row) throw new UserError('There is no such operation, so nothing was done.')
      const operation = operationOf(row)
      if (operation.status !== 'unknown') {
        throw new UserError(`This operation is ${operation.status} and asks nobody (any more), so nothing was done.`)
      }
      const happened = outcome === 'happened'
      const { service } = operation.change
      const verdict = {
        sentence: `${actorName(actor)} says that it ${happened ? 'happened' : 'did not happen'}: ${operation.sentence} ${service.name} is free again.`,
        facts: operation.verdict?.facts ?? [],
        lines: [],
      }
      const ended: Operation = { ...operation, status: happened ? 'succeeded' : 'failed', verdict, endedAt: clock.now() }
      await tx
        .updateTable('operations')
        .set({ status: ended.status, verdict: JSON.stringify(verdict), ended_at: clock.now() })
        .where('id', '=', id)
        .execute()
      await tx.deleteFrom('locks').where('operation', '=', id).execute()
      await audit.record({ ...ofOperation(operation), actor, door: 'button', event: 'settled', outcome: verdict.sentence }, tx)
      const described = describe(ended, await readSteps(tx, id), clock.now())
      await delivery.revise(tx, id, described, operation.place)
      return { report: described, settled: ended }
    })
    onSettled(settled)
    return report
  }
}
