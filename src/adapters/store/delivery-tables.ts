import type { ColumnType, GeneratedAlways } from 'kysely'
import type { Report } from '#src/kernel/report.ts'
import type { Defaulted, Json, Placed } from './columns.ts'

/** What messages show: the newest report of a subject (an operation, a tail). */
interface LivingTable extends Placed {
  subject: string
  revision: number
  report: Json<Report>
  at: Date
}

/** Where a subject is shown, and which revision of it is. */
interface MessagesTable extends Placed {
  id: string
  subject: string
  channel: string
  /** Null until it was created. */
  message: string | null
  shown: Defaulted<number>
  due_at: Date
  /** Set while a process delivers it; another may take it when this is over. */
  leased_until: Date | null
  lease: Defaulted<number>
  failures: Defaulted<number>
  /** Why it can no longer be shown there. */
  gone: string | null
  created_at: Date
  /** The order in which messages were written. */
  seq: GeneratedAlways<string>
  /** Ids of roles that it mentions. */
  mentions: ColumnType<readonly string[], string | undefined, string>
  /** It finds a way: the system channel where its own cannot be used, a new message where it was deleted. */
  important: Defaulted<boolean>
  /** The channel that it was meant for, where it had to go elsewhere. */
  meant_for: Defaulted<string | null>
  /** The thread that was opened on it. */
  thread: Defaulted<string | null>
  /** A note: it stands in the thread on the message of that subject. */
  thread_of: Defaulted<string | null>
  thread_name: Defaulted<string | null>
  /** When the message that stands was created: Discord limits edits of those older than an hour. */
  made_at: Defaulted<Date | null>
  old_edits: Defaulted<number>
  renewals: Defaulted<number>
  /** The message before the one that stands, until readers are sent on from there. */
  retired: Defaulted<string | null>
  /** Of all such messages of a channel one a second is sent. */
  paced: Defaulted<boolean>
  /** When Discord last answered a request for it. */
  sent_at: Defaulted<Date | null>
}

/** Where Discord refuses what is to be shown. Gone with the first message that it takes there again. */
interface RefusedPostsTable extends Placed {
  channel: string
  what: 'message' | 'thread'
  reason: string
  times: number
  first_at: Date
  last_at: Date
}

/** The outbox. */
export interface DeliveryTables {
  living: LivingTable
  messages: MessagesTable
  refused_posts: RefusedPostsTable
}
