import type { ColumnType, GeneratedAlways, JSONColumnType, Selectable } from 'kysely'

/** `event` came by the webhook; `trigger` and `action` were asked for over the API, to be sent to Zapier. */
export const kinds = ['event', 'trigger', 'action'] as const
export type Kind = (typeof kinds)[number]

/** The inbox: what was accepted. */
export interface EventsTable {
  seq: GeneratedAlways<string>
  id: string
  kind: Kind
  /** The event's type, or the name of the trigger or action. */
  name: string
  /** json, written as text. */
  payload: ColumnType<unknown, string, never>
  /** Which hook a trigger or action was meant for, where its sender said so. */
  target: string | null
  source: string
  at: Date
  /** What is to be done about it stands in `work`. */
  routed: boolean
}

/** Keys under which a second one is a replay, until a day has passed. */
export interface SeenTable {
  key: string
  event: string
  until: Date
}

export interface TotalsTable {
  kind: Kind
  count: string
}

export const workStates = ['waiting', 'done', 'refused', 'dead'] as const
export type WorkState = (typeof workStates)[number]

/** What came of a piece of work. */
export interface Outcome {
  readonly sentence: string
  /** The bot's own word for it. */
  readonly status?: string
  /** Id of the operation that was started. */
  readonly operation?: string
}

/** One thing to do about an event: tell Redis, call a command, deliver to a hook. */
export interface WorkTable {
  id: GeneratedAlways<string>
  /** The idempotency key of what it starts. */
  key: string
  lane: string
  event: string | null
  /** Of a call: the rule's id and name. */
  rule: string | null
  rule_name: string | null
  /** What is to be called or delivered; null where the event says all. */
  body: ColumnType<unknown, string | null, string>
  /** A newer body under the same key takes an older one's place. */
  version: string
  state: WorkState
  /** When it may be taken; whoever takes it moves this to the end of its lease. */
  due_at: Date
  attempts: number
  /** Grows whenever it is taken: who held it before can settle nothing. */
  fence: number
  outcome: JSONColumnType<Outcome> | null
  created_at: Date
  settled_at: Date | null
}

export interface RulesTable {
  id: string
  name: string
  enabled: boolean
  /** The rest of what the rule says. json, written as text. */
  content: ColumnType<unknown, string, string>
  updated_at: Date
  updated_by: string
}

/** How far a channel's stream has been read for the hooks: see hooks/positions.ts. */
export interface PositionsTable {
  channel: string
  id: string
  number: ColumnType<string | null, number | null, number | null>
  lost: ColumnType<string, number | undefined, number>
}

export interface Tables {
  'zapier.events': EventsTable
  'zapier.seen': SeenTable
  'zapier.totals': TotalsTable
  'zapier.work': WorkTable
  'zapier.rules': RulesTable
  'zapier.positions': PositionsTable
}

export type EventRow = Selectable<EventsTable>
