import type { ColumnType, Generated } from 'kysely'

/** jsonb, written as text: pg would turn a JavaScript array into a PostgreSQL array. */
export type Json<Value> = ColumnType<Value, string, string>
export type NullableJson<Value> = ColumnType<Value | null, string | null | undefined, string | null>
export type Defaulted<Value> = ColumnType<Value, Value | undefined, Value>

/** Every table says where it belongs (Place). */
export interface Placed {
  guild: string
  project: string
  environment: string
}

/** Of all the guild's projects and environments: both are empty. */
export interface GuildWide {
  guild: string
  project: Generated<string>
  environment: Generated<string>
}
