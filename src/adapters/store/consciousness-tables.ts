import type { Generated } from 'kysely'
import type { Parts } from '#src/consciousness/computed-level.ts'
import type { ConsciousnessReading } from '#src/consciousness/consciousness.ts'
import type { Tallies, Tally } from '#src/consciousness/tally.ts'
import type { Json, NullableJson, Placed } from './columns.ts'

/** The newest of each source, and what could not be read of it. */
interface ConsciousnessSourcesTable extends Placed {
  channel: string
  source: string
  reading: NullableJson<Omit<ConsciousnessReading, 'at'> & { readonly at: string }>
  /** What a computed reading was worked out from. */
  parts: NullableJson<Parts>
  /** bigint, as `unreadable` is: pg answers text. */
  messages: Generated<string>
  unreadable: Generated<string>
  unreadable_why: string | null
  unreadable_at: Date | null
  heard_at: Date
  /** Of its newest entry of the stream; null where none of its messages came to be one. */
  last_id: string | null
}

/** What a source said in a span of so many seconds. */
interface ConsciousnessMetricsTable extends Placed {
  channel: string
  source: string
  seconds: number
  at: Date
  computed: boolean
  messages: number
  level: NullableJson<Tally>
  metrics: Json<Tallies['metrics']>
}

/** Of an environment (`service` is empty), or of one service of it; null: not set. */
export interface GateSettingsTable extends Placed {
  service: Generated<string>
  service_name: Generated<string>
  enabled: boolean | null
  level: number | null
  harmony: number | null
  critical_level: number | null
  critical_harmony: number | null
  critical: boolean | null
  max_age_ms: number | null
  updated_by: string
  updated_at: Date
}

/** One deployment of a service that an admin lets through whatever the reading says. */
interface GateOverridesTable extends Placed {
  id: string
  service: string
  service_name: string
  reason: string
  given_by: string
  given_by_name: string
  given_at: Date
  until: Date
  /** The one that it let through. */
  operation: string | null
  used_at: Date | null
}

export interface ConsciousnessTables {
  consciousness_sources: ConsciousnessSourcesTable
  consciousness_metrics: ConsciousnessMetricsTable
  gate_settings: GateSettingsTable
  gate_overrides: GateOverridesTable
}
