import { sql } from 'kysely'
import type { ChannelName } from '#src/kernel/channels.ts'
import { channels } from '#src/kernel/channels.ts'
import { parseExact } from '#src/kernel/exact-json.ts'
import type { Kind } from './tables.ts'

/** An event of the inbox, as far as others are told of it. */
export interface AcceptedEvent {
  readonly id: string
  readonly kind: Kind
  readonly name: string
  readonly payload: unknown
  readonly source: string
  readonly at: Date
}

/** The column as text: pg's own reading of json loses digits. */
export const payloadText = sql<string>`payload::text`.as('payload')

/** A row with its payload read; numbers keep their digits. */
export function withPayload<Row extends { readonly payload: string }>(row: Row): Omit<Row, 'payload'> & { readonly payload: unknown } {
  return { ...row, payload: parseExact(row.payload) }
}

interface Place {
  readonly channel: ChannelName
  /** The Redis list that has the newest at its head. */
  readonly list: string
}

/** Where Helix services listen for each. */
export const placeOf: Readonly<Record<Kind, Place>> = {
  event: { channel: channels.zapierEvents, list: 'zapier_events_queue' },
  trigger: { channel: channels.zapierTriggers, list: 'zapier_triggers_queue' },
  action: { channel: channels.zapierActions, list: 'zapier_actions_queue' },
}

/** An event as it stands on the wire: on Redis, in lists, in what is sent to Zapier. */
export function messageOf({ id, kind, name, payload, source, at }: AcceptedEvent): Readonly<Record<string, unknown>> {
  const timestamp = at.toISOString()
  if (kind === 'event') return { event_id: id, event_type: name, payload, source, timestamp }
  if (kind === 'trigger') return { event_id: id, trigger: name, data: payload, timestamp }
  return { event_id: id, action: name, parameters: payload, timestamp }
}
