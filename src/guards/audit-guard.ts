import { type Audit, ofCall } from '#src/audit/audit.ts'
import type { Entry, Guard } from '#src/kernel/dispatch.ts'
import { UserError } from '#src/kernel/errors.ts'
import { Denied } from './permission-guard.ts'

/** Who asked for what, before anything else happens, and what came of it. */
export function auditGuard(audit: Audit): Guard<Entry> {
  return async ({ call }, goOn) => {
    await audit.record({ event: 'received', ...ofCall(call) })
    try {
      const report = await goOn()
      const outcome = { outcome: report.sentence, ...(report.operation !== undefined && { operation: report.operation }) }
      await audit.record({ event: 'answered', ...ofCall(call), ...outcome })
      return report
    } catch (error) {
      const event = error instanceof Denied ? 'denied' : error instanceof UserError ? 'refused' : 'failed'
      await audit.record({ event, ...ofCall(call), outcome: error instanceof Error ? error.message : 'unknown' })
      throw error
    }
  }
}
