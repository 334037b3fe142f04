import type { IncomingButton, IncomingCommand, MessageBody } from '#src/adapters/discord/discord.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import type { Place } from '#src/kernel/call.ts'
import { SeenBefore, UpstreamError } from '#src/kernel/errors.ts'
import { failureReport } from '#src/kernel/failure-report.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Report } from '#src/kernel/report.ts'

export type Render = (report: Report, place: Place | undefined) => Promise<MessageBody>

export interface AnswerParts {
  readonly render: Render
  readonly delivery: Pick<Delivery, 'adopted' | 'newest'>
  readonly log: Log
}

/** Where the report of a failure goes: in place of the answer, or beside a message that others read (an `update`). */
export type FailureSeen = (error: unknown) => 'answer' | 'whisper'

/**
 * Runs a call and shows its report as the answer to an interaction that is acknowledged already. A report that is still under way
 * is handed to the outbox from here on.
 */
export function createAnswer({ render, delivery, log }: AnswerParts) {
  return async function answer(
    incoming: IncomingCommand | IncomingButton,
    place: Place | undefined,
    failureSeen: FailureSeen,
    run: () => Promise<Report>,
  ): Promise<void> {
    let seen: ReturnType<FailureSeen> = 'answer'
    let report: Report
    try {
      report = await run()
    } catch (error) {
      if (error instanceof SeenBefore) return
      seen = failureSeen(error)
      report = failureReport(error, log)
    }
    try {
      if (seen === 'whisper') return await incoming.whisper(await render(report, place))
      const newest = report.operation === undefined ? undefined : await delivery.newest(report.operation)
      const ref = await incoming.answer(await render(newest ?? report, place))
      if (report.operation !== undefined) await delivery.adopted(ref)
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error
      // What was started goes on, and the outbox edits the same message with the bot's own token.
      log.warn({ interaction: incoming.id, operation: error.fault.operation, reason: error.message }, 'an answer did not reach Discord')
    }
  }
}

export type Answer = ReturnType<typeof createAnswer>
