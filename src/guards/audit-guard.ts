import { type Audit, type AuditEntry, type AuditEvent, ofCall } from '#src/audit/audit.ts'
import type { Entry, Guard } from '#src/kernel/dispatch.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import { Unconfirmed } from './grant-guard.ts'
import { Denied } from './permission-guard.ts'
import type { Tolerate } from './without-store.ts'

/** Who asked for what, before anything else happens, and what came of it. */
export function auditGuard(audit: Audit, log: Log, tolerate: Tolerate): Guard<Entry> {
  /** What came of the call is true whether or not it can be written down: the log keeps it then. */
  async function after(entry: AuditEntry): Promise<void> {
    try {
      await audit.record(entry)
    } catch (err) {
      log.error({ err, event: entry.event, call: entry.call, operation: entry.operation }, 'an outcome could not be written to the audit')
    }
  }
  return async ({ call, command }, goOn) => {
    await tolerate(command, () => audit.record({ event: 'received', ...ofCall(call) }))
    try {
      const report = await goOn()
      const outcome = { outcome: report.sentence, ...(report.operation !== undefined && { operation: report.operation }) }
      await after({ event: 'answered', ...ofCall(call), ...outcome })
      return report
    } catch (error) {
      await after({ event: eventOf(error), ...ofCall(call), outcome: error instanceof Error ? error.message : 'unknown' })
      throw error
    }
  }
}

function eventOf(error: unknown): AuditEvent {
  if (error instanceof Denied) return 'denied'
  if (error instanceof Unconfirmed) return 'unconfirmed'
  return error instanceof UserError ? 'refused' : 'failed'
}
