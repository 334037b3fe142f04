import type { Generated, GeneratedAlways } from 'kysely'
import type { Stored } from '#src/signals/signal-rows.ts'
import type { EnvironmentSignals, Turned } from '#src/signals/signals.ts'
import type { GuildWide, Json, Placed } from './columns.ts'

/** What one process at a time does. */
interface LeasesTable extends Omit<GuildWide, 'guild'> {
  name: string
  guild: Generated<string>
  holder: string
  until: Date
}

/** The newest reading of an environment. */
interface SignalsTable extends Placed {
  name: string
  at: Date
  stale: boolean
  every_ms: number
  slowed: boolean
  services: Json<Stored<EnvironmentSignals['services']>>
  /** Of the last reading that was not stale. */
  remembered_at: Date
  /** Memory of each service, by its id. */
  remembered: Json<unknown>
}

interface HealthTurnsTable extends Placed {
  /** bigint: pg answers text. */
  id: GeneratedAlways<string>
  service: string
  turned: Json<Stored<Turned>>
  at: Date
  /** To the events of this process. */
  told_at: Date | null
  /** On the channel service:health. */
  published_at: Date | null
}

export interface SignalsTables {
  leases: LeasesTable
  signals: SignalsTable
  health_turns: HealthTurnsTable
}
