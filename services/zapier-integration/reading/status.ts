import { type Kysely, sql } from 'kysely'
import type { WebhookStatus } from '#src/zapier/wire.ts'
import { type HookName, type Hooks, hookNames } from '../hooks/hooks.ts'
import type { Kind, Tables } from '../tables.ts'

const COUNTED_TO = 100_000
const DELAYED_AFTER_S = 60

/** Counts of all time, and what is still to be done. */
export async function readStatus(db: Kysely<Tables>, hooks: Hooks, now: Date): Promise<WebhookStatus> {
  const totals = await db.selectFrom('zapier.totals').selectAll().execute()
  const total = (kind: Kind) => Number(totals.find((each) => each.kind === kind)?.count ?? 0)
  const { rows } = await sql<{ waiting: string; dead: string; oldest: Date | null }>`
    SELECT
      (SELECT count(*) FROM (SELECT FROM zapier.work WHERE state = 'waiting' LIMIT ${COUNTED_TO}) AS counted)
        + (SELECT count(*) FROM (SELECT FROM zapier.events WHERE NOT routed LIMIT ${COUNTED_TO}) AS counted) AS waiting,
      (SELECT count(*) FROM (SELECT FROM zapier.work WHERE state = 'dead' LIMIT ${COUNTED_TO}) AS counted) AS dead,
      least((SELECT min(due_at) FROM zapier.work WHERE state = 'waiting'),
        (SELECT at FROM zapier.events WHERE NOT routed ORDER BY seq LIMIT 1)) AS oldest`.execute(db)
  const { waiting = '0', dead = '0', oldest = null } = rows[0] ?? {}
  const oldestSeconds = oldest === null ? 0 : Math.max(0, Math.round((now.getTime() - oldest.getTime()) / 1_000))
  return {
    webhookCount: total('event'),
    triggerCount: total('trigger'),
    actionCount: total('action'),
    status: oldestSeconds > DELAYED_AFTER_S ? 'delayed' : 'operational',
    queueDepth: Math.min(Number(waiting), COUNTED_TO),
    deadLetters: Number(dead),
    oldestSeconds,
    hooks: hookStates(hooks),
  }
}

export function hookStates(hooks: Hooks): Readonly<Record<HookName, 'configured' | 'unconfigured'>> {
  const states = hookNames.map((hook) => [hook, hooks.has(hook) ? 'configured' : 'unconfigured'])
  return Object.fromEntries(states)
}
