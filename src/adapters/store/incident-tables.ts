import type { ColumnType, GeneratedAlways } from 'kysely'
import type { Evidence, Route } from '#src/incidents/incident.ts'
import type { IncidentState, Severity } from '#src/incidents/incidents.ts'
import type { Fact } from '#src/kernel/report.ts'
import type { Defaulted, GuildWide, Json, NullableJson, Placed } from './columns.ts'

/** The last number that was given, of each kind. */
interface IncidentCountersTable extends GuildWide {
  kind: 'incident' | 'route'
  last: number
}

interface IncidentsTable extends Placed {
  id: string
  environment_name: string
  number: number
  trouble_group: string
  state: IncidentState
  severity: Severity
  title: string
  sentence: string
  service_id: string | null
  service_name: string | null
  since: Date
  opened_at: Date
  acknowledged_by: string | null
  acknowledged_at: Date | null
  silenced_until: Date | null
  escalated_at: Date | null
  /** How many of the route's calls were made: its own roles first, then its chain. */
  called: Defaulted<number>
  /** When the next call is to be made; null: none is. */
  call_due: Date | null
  resolved_at: Date | null
  /** Null where it resolved by itself. */
  resolved_by: string | null
  resolved_why: string | null
  came_back: Defaulted<number>
  /** The worst that people were called for, as a gravity. */
  worst: Defaulted<number>
  /** When somebody was called last. */
  called_at: Defaulted<Date | null>
  /** As it was when the incident took it. */
  route: Json<Route>
  facts: Json<readonly Fact[]>
  evidence: NullableJson<Evidence>
  evidence_due: Date | null
  evidence_tries: Defaulted<number>
}

interface IncidentTroublesTable extends Placed {
  incident: string
  fingerprint: string
  severity: Severity
  title: string
  sentence: string
  since: Date
  over_at: Date | null
  /** Nothing is served at all. */
  outage: Defaulted<boolean>
  /** What whoever told of it knew. */
  evidence: ColumnType<Evidence, string | undefined, string>
}

/** Append-only: a trigger refuses every UPDATE, DELETE and TRUNCATE. */
interface IncidentTimelineTable extends Placed {
  id: GeneratedAlways<string>
  incident: string
  at: Date
  sentence: string
  by_name: string | null
  /** Noted once, however many processes see it. */
  once: string | null
}

/** An empty environment or service: all of them. */
interface AlertRoutesTable extends Placed {
  environment_name: string
  number: number
  severity: Severity
  service_id: string
  service_name: string
  channel: string
  roles: Json<Route['roles']>
  quiet: NullableJson<NonNullable<Route['quiet']>>
  chain: Json<Route['chain']>
  names: ColumnType<NonNullable<Route['names']>, string | undefined, string>
  added_by: string
  added_at: Date
}

export interface IncidentTables {
  incident_counters: IncidentCountersTable
  incidents: IncidentsTable
  incident_troubles: IncidentTroublesTable
  incident_timeline: IncidentTimelineTable
  alert_routes: AlertRoutesTable
}
