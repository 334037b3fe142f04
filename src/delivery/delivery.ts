import type { Transaction } from '#src/adapters/store/store.ts'
import type { MessageRef, Place } from '#src/kernel/call.ts'
import type { Report } from '#src/kernel/report.ts'

export interface Watched {
  readonly subject: string
  readonly place: Place
  readonly message: MessageRef
  readonly from?: Date
}

/**
 * The transactional outbox: messages that Helix owns. A subject (an operation's id, a tail's id) has one newest report and a
 * revision; each message that shows it is brought to the newest revision by any process, over REST with the bot token.
 * Subjects are UUIDs.
 */
export interface Delivery {
  /** Shows a subject in a message that stands already (the answer to an interaction). Not edited before `adopted`, or `from` (in 10 s). */
  watch(tx: Transaction, watched: Watched): Promise<void>
  /** The message is left as it stands. */
  unwatch(message: MessageRef): Promise<void>
  /** Shows a subject in a new message of a channel, created once however often it is tried. */
  post(tx: Transaction, posted: { readonly subject: string; readonly place: Place; readonly channel: string }): Promise<void>
  /** The subject's newest report. In the transaction that made it true. A first report says where it belongs. */
  revise(tx: Transaction, subject: string, report: Report, place: Place): Promise<void>
  /** The door has given the first answer through the interaction's token; from now on the message is ours to edit. */
  adopted(message: MessageRef): Promise<void>
  /** The newest report of a subject. */
  newest(subject: string): Promise<Report | undefined>
  /** Forgets these subjects; their messages stay as they stand. */
  forget(tx: Transaction, subjects: readonly string[]): Promise<void>
  /** Begins to deliver what is due, whoever wrote it. */
  start(): Promise<void>
  /** Resolves when nothing is under way any more in this process. What is left, any other process delivers. */
  stop(): Promise<void>
  /** Forgets subjects that were last revised before that moment, but for those that are still needed. Answers how many. */
  prune(before: Date, needed?: readonly string[]): Promise<number>
}
