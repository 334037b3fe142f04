import type { CallAnswer } from '#src/automation/call-wire.ts'
import type { Fact } from '#src/kernel/report.ts'
import type { Act } from '#src/policies/decision.ts'
import type { PolicyKind, PolicyMode } from '#src/policies/policy.ts'
import type { GuildWide, Json, NullableJson, Placed } from './columns.ts'

interface PoliciesTable extends Placed {
  id: string
  environment_name: string
  kind: PolicyKind
  name: string
  service_id: string
  service_name: string
  mode: PolicyMode
  /** As they were written; read through the schema of the kind again. */
  rules: Json<unknown>
  digest: string
  set_by: string
  set_by_name: string
  set_at: Date
  channel: string | null
  state: NullableJson<unknown>
  state_digest: string | null
  read_at: Date | null
}

interface PolicyDecisionsTable extends Placed {
  id: string
  policy: string
  kind: PolicyKind
  name: string
  service_id: string
  service_name: string
  digest: string
  mode: PolicyMode
  at: Date
  verdict: string
  sentence: string
  facts: Json<readonly Fact[]>
  act: NullableJson<Act>
  answer: NullableJson<CallAnswer>
  operation: string | null
}

interface PolicyStopsTable extends GuildWide {
  reason: string
  set_by: string
  set_by_name: string
  since: Date
}

export interface PolicyTables {
  policies: PoliciesTable
  policy_decisions: PolicyDecisionsTable
  policy_stops: PolicyStopsTable
}
