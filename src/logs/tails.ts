import type { Call } from '#src/kernel/call.ts'
import type { Report } from '#src/kernel/report.ts'
import type { LogRequest } from './logs.ts'

/** Live tails: one message each, edited in place through the outbox at most every 2 s, for 10 minutes or until stopped. */
export interface Tails {
  /** The first report, with `operation` set to the tail's id and a Stop button. */
  start(call: Call, request: LogRequest): Promise<Report>
  /** Works from any process. Throws UserError where the tail is over. */
  stop(tail: string, by: string): Promise<Report>
  /** Forgets tails that ended before that moment. Answers how many. */
  prune(before: Date): Promise<number>
}
