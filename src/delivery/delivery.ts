import type { Transaction } from '#src/adapters/store/store.ts'
import type { MessageRef, Place } from '#src/kernel/call.ts'
import type { Report } from '#src/kernel/report.ts'

export interface Watched {
  readonly subject: string
  readonly place: Place
  readonly message: MessageRef
  readonly from?: Date
}

export interface Posted {
  readonly subject: string
  readonly place: Place
  /** Undefined: the server's system channel. */
  readonly channel: string | undefined
  /** Ids of the roles that it mentions. */
  readonly mentions?: readonly string[]
  /** It must be seen: where its channel cannot be used it goes to the system channel, and where it was deleted it is posted anew. */
  readonly important?: boolean
  /** It may wait: of all such messages of its channel one is sent, or edited, a second. */
  readonly paced?: boolean
}

/** A line in the thread on a subject's message. */
export interface Note {
  readonly of: string
  readonly place: Place
  /** The name of the thread, should it be the first. */
  readonly thread: string
  readonly sentence: string
  /** Ids of the roles that it mentions; it must be seen then, and where there can be no thread it stands in the channel. */
  readonly mentions?: readonly string[]
}

/** Where Discord refuses what is to be shown. */
export interface RefusedPosts {
  /** Undefined: the server's system channel. */
  readonly channel: string | undefined
  readonly what: 'message' | 'thread'
  /** The newest refusal, as a sentence. */
  readonly reason: string
  readonly times: number
  readonly since: Date
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
  post(tx: Transaction, posted: Posted): Promise<void>
  /** Notes come after the message, in the order in which they were written. */
  note(tx: Transaction, note: Note): Promise<void>
  /** Nobody needs to be called any more: what of a subject and its notes is not posted yet mentions nobody. Answers whether there was any such call. */
  callOff(tx: Transaction, subject: string): Promise<boolean>
  /** The subject's newest report. In the transaction that made it true. A first report says where it belongs. */
  revise(tx: Transaction, subject: string, report: Report, place: Place): Promise<void>
  /** The door has given the first answer through the interaction's token; from now on the message is ours to edit. */
  adopted(message: MessageRef): Promise<void>
  /** The newest report of a subject. */
  newest(subject: string): Promise<Report | undefined>
  /** Where a subject is shown now, the first first. */
  standing(subject: string): Promise<readonly MessageRef[]>
  /** What Discord refuses at present in a guild, worst first. */
  refused(guild: string): Promise<readonly RefusedPosts[]>
  /** Forgets these subjects; their messages stay as they stand. */
  forget(tx: Transaction, subjects: readonly string[]): Promise<void>
  /** Begins to deliver what is due, whoever wrote it. */
  start(): Promise<void>
  /** Resolves when nothing is under way any more in this process. What is left, any other process delivers. */
  stop(): Promise<void>
  /** Forgets subjects that were last revised before that moment, but for those that are still needed. Answers how many. */
  prune(before: Date, needed?: readonly string[]): Promise<number>
}
