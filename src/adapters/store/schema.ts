import type { Generated, GeneratedAlways } from 'kysely'
import type { Actor, Cause, Door } from '#src/kernel/call.ts'
import type { Role } from '#src/kernel/command.ts'
import type { EnvironmentRef } from '#src/kernel/directory.ts'
import type { Action, Fact } from '#src/kernel/report.ts'
import type { Change } from '#src/operations/change.ts'
import type { OperationStatus } from '#src/operations/operations.ts'
import type { AlertTables } from './alert-tables.ts'
import type { Defaulted, GuildWide, Json, NullableJson, Placed } from './columns.ts'
import type { ConsciousnessTables } from './consciousness-tables.ts'
import type { DeliveryTables } from './delivery-tables.ts'
import type { EchoTables } from './echo-tables.ts'
import type { IncidentTables } from './incident-tables.ts'
import type { PolicyTables } from './policy-tables.ts'
import type { ScalingTables } from './scaling-tables.ts'
import type { SignalsTables } from './signals-tables.ts'
import type { WebhookTables } from './webhook-tables.ts'

/** Calls that were seen: each is acted on once. */
interface ClaimsTable extends Placed {
  key: string
  at: Defaulted<Date>
}

/** Append-only: a trigger refuses every UPDATE, DELETE and TRUNCATE. `chain` has room for a hash over the row and the one before. */
interface AuditTable extends Placed {
  id: GeneratedAlways<string>
  at: Defaulted<Date>
  event: string
  actor: string
  actor_name: string
  door: Door
  command: string
  call: string | null
  args: Json<Record<string, unknown>>
  outcome: string | null
  operation: string | null
  /** Why, where no person made the call: what the calling service says, and its rule. */
  cause: NullableJson<Cause>
  chain: string | null
}

interface OperationsTable extends Placed {
  id: string
  call: string
  environment_name: string
  change: Json<Change>
  service_id: string
  service_name: string
  sentence: string
  facts: Json<readonly Fact[]>
  digest: string
  command: string
  actor: Json<Actor>
  actor_key: string
  door: Door
  /** As in the audit. */
  cause: NullableJson<Cause>
  status: OperationStatus
  /** The fence: each taker adds one, and writes only while it is still the same. */
  attempt: Defaulted<number>
  created_at: Date
  ended_at: Date | null
  verdict: NullableJson<{ readonly sentence: string; readonly facts: readonly Fact[]; readonly lines: readonly string[] }>
}

interface OperationStepsTable extends Placed {
  operation: string
  step: string
  attempt: number
  status: 'running' | 'intended' | 'done' | 'failed'
  data: Json<Record<string, unknown>>
  started_at: Date
  ended_at: Date | null
}

/** One change at a time for a service of an environment; an operation that ended `unknown` keeps its row. */
interface LocksTable extends Placed {
  service: string
  operation: string | null
  owner: string
  owner_name: string
  reason: string
  since: Date
}

/** What buttons stand for. */
interface ButtonsTable extends Placed {
  id: string
  action: Json<Action>
  /** A press on one voids all of the same group. */
  family: string | null
  /** Actor key; only this actor's press counts, and only once. */
  confirms_by: string | null
  expires_at: Date
  used_at: Date | null
  used_by: string | null
}

interface TailsTable extends Placed {
  id: string
  request: Json<Record<string, unknown>>
  deployment: string
  by_name: string
  attempt: Defaulted<number>
  started_at: Date
  ends_at: Date
  stopped_at: Date | null
}

/** Discord roles to Helix roles. An empty project or environment: all of the guild's. */
interface RoleGrantsTable {
  guild: string
  project: Generated<string>
  environment: Generated<string>
  role_id: string
  role: Role
}

/** Versions of services' rules that a person confirmed; a row that is over keeps by whom. */
interface AutomationGrantsTable extends Placed {
  id: string
  service: string
  rule: string
  digest: string
  pattern: string
  command: string
  arguments: Json<Readonly<Record<string, unknown>>>
  environment_name: string | null
  granted_by: string
  granted_by_name: string
  granted_at: Date
  /** The Discord channel in which it was confirmed. */
  channel: string | null
  revoked_by: string | null
  revoked_at: Date | null
}

/** A place's Railway token, sealed (src/secrets/seal.ts). */
interface PlacesTable extends Placed {
  project_name: string | null
  environments: NullableJson<readonly EnvironmentRef[]>
  token: string | null
  token_kind: 'project' | 'account' | null
  updated_at: Defaulted<Date>
}

/** What members did in Discord, for other services to read; `helix_discord_interactions` where the plain name was taken before. */
export interface DiscordInteractionsTable {
  id: string
  /** Null in a direct message. */
  guild: string | null
  channel: string
  user_id: string
  /** Null for a button that led to no command. */
  command: string | null
  door: 'slash' | 'button'
  at: Date
  outcome: 'answered' | 'denied' | 'refused' | 'failed'
  latency_ms: number
}

/** Members who said that they may be heard; a row that was withdrawn stays, without anything that was said. */
interface VoiceConsentsTable extends GuildWide {
  user_id: string
  since: Date
  withdrawn_at: Date | null
}

interface VoiceSettingsTable extends GuildWide {
  wake_words: Json<readonly string[]>
  language: string
  voice: string | null
  keep_days: number
  channel: string | null
  updated_at: Date
}

/** What was said to Helix, secrets masked; nothing else that was said is kept. */
interface VoiceTranscriptsTable extends Placed {
  /** Of the exchange: the subject of its message, and the beginning of its calls' keys. */
  id: string
  user_id: string
  text: string
  command: string | null
  /** Null while a question waits. */
  outcome: string | null
  at: Date
}

/** The voice channel that Helix is in. */
interface VoiceSessionsTable extends GuildWide {
  voice_channel: string
  text_channel: string
  started_by: string
  since: Date
}

/** Recognised speech of a guild on a day (UTC). */
interface SpeechUsageTable extends GuildWide {
  /** `2026-11-21`. Never read back: pg makes a local date of it. */
  day: string
  seconds: number
  /** When the guild was told that it was enough for that day. */
  told_at: Date | null
}

export interface Database
  extends AlertTables,
    ConsciousnessTables,
    DeliveryTables,
    EchoTables,
    IncidentTables,
    PolicyTables,
    ScalingTables,
    SignalsTables,
    WebhookTables {
  claims: ClaimsTable
  audit: AuditTable
  automation_grants: AutomationGrantsTable
  operations: OperationsTable
  operation_steps: OperationStepsTable
  locks: LocksTable
  buttons: ButtonsTable
  tails: TailsTable
  role_grants: RoleGrantsTable
  places: PlacesTable
  discord_interactions: DiscordInteractionsTable
  helix_discord_interactions: DiscordInteractionsTable
  voice_consents: VoiceConsentsTable
  voice_settings: VoiceSettingsTable
  voice_transcripts: VoiceTranscriptsTable
  voice_sessions: VoiceSessionsTable
  speech_usage: SpeechUsageTable
}
