import type { Generated } from 'kysely'
import type { Defaulted, Placed } from './columns.ts'

/** The newest that a webhook of Railway said of a matter. */
interface WebhookMattersTable extends Placed {
  matter: string
  begun: boolean
  deployment: string | null
  at: Date
}

interface WebhooksHeardTable extends Omit<Placed, 'environment'> {
  environment: Generated<string>
  /** bigint: pg answers text. */
  taken: number | string
  known: number | string
  last_type: string
  last_at: Defaulted<Date>
}

export interface WebhookTables {
  webhook_matters: WebhookMattersTable
  webhooks_heard: WebhooksHeardTable
}
