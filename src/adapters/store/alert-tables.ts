import type { Heard } from '#src/alerts/heard.ts'
import type { ReadingKind, Readings } from '#src/alerts/readings/readings.ts'
import type { WrittenRule } from '#src/alerts/rule.ts'
import type { Standing } from '#src/alerts/standing.ts'
import type { Defaulted, GuildWide, Json, NullableJson, Placed } from './columns.ts'

/** The environment is empty: a rule says itself for which of the project's it is. */
interface AlertRulesTable extends Omit<Placed, 'environment'> {
  environment: Defaulted<string>
  name: string
  /** As it was written; read through the schema again. */
  rule: Json<WrittenRule>
  added_by: string
  added_at: Date
}

interface AlertRoundsTable extends Placed {
  /** Of the newest reading of health that was decided from. */
  read_at: Date | null
  standings: Json<readonly Standing[]>
  heard: NullableJson<Heard>
}

interface AlertFilesTable extends Omit<GuildWide, 'guild'> {
  path: string
  guild: Defaulted<string>
  text: string
  read_at: Date
}

interface AlertReadingsTable extends Placed {
  kind: ReadingKind
  reading: Json<NonNullable<Readings[ReadingKind]>>
}

export interface AlertTables {
  alert_rules: AlertRulesTable
  alert_rounds: AlertRoundsTable
  alert_files: AlertFilesTable
  alert_readings: AlertReadingsTable
}
