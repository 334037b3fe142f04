import { randomUUID } from 'node:crypto'
import type { Store, Transaction } from '#src/adapters/store/store.ts'
import type { CallAnswer } from '#src/automation/call-wire.ts'
import type { Decision, PastDecision } from './decision.ts'
import type { Policy } from './policy.ts'
import { placeOf } from './policy-rows.ts'

/** More acts than an hour can have. */
const MOST_ACTS = 300

type Reader = Store['db'] | Transaction

const joined = (db: Reader) =>
  db
    .selectFrom('policy_decisions')
    .leftJoin('operations', 'operations.id', 'policy_decisions.operation')
    .selectAll('policy_decisions')
    .select('operations.status')

type Row = Awaited<ReturnType<ReturnType<typeof joined>['executeTakeFirstOrThrow']>>

/** Newest first. */
export async function pastOf(db: Reader, policy: Pick<Policy, 'id'>, most: number): Promise<readonly PastDecision[]> {
  const rows = await joined(db).where('policy', '=', policy.id).orderBy('policy_decisions.at', 'desc').limit(most).execute()
  return rows.map(decisionOf)
}

/** What of it was an act since then; newest first. */
async function actsSince(db: Reader, policy: Pick<Policy, 'id'>, since: Date): Promise<readonly PastDecision[]> {
  const ofPolicy = joined(db).where('policy', '=', policy.id).where('act', 'is not', null)
  const rows = await ofPolicy.where('policy_decisions.at', '>', since).orderBy('policy_decisions.at', 'desc').limit(MOST_ACTS).execute()
  return rows.map(decisionOf)
}

/** The newest, and whatever was an act since then, newest first. */
export async function pastWithActs(db: Reader, policy: Pick<Policy, 'id'>, most: number, since: Date): Promise<readonly PastDecision[]> {
  const newest = await pastOf(db, policy, most)
  const known = new Set(newest.map(({ id }) => id))
  const acts = await actsSince(db, policy, since)
  return [...newest, ...acts.filter(({ id }) => !known.has(id))]
}

export async function insertDecision(
  tx: Transaction,
  policy: Policy,
  { verdict, sentence, facts, act }: Decision,
  at: Date,
): Promise<PastDecision> {
  const { id: of, kind, name, mode, digest, service } = policy
  const id = randomUUID()
  await tx
    .insertInto('policy_decisions')
    .values({
      ...{ id, ...placeOf(policy.place), policy: of, kind, name, mode, digest, at, verdict, sentence },
      ...{ service_id: service.id, service_name: service.name, facts: JSON.stringify(facts) },
      ...{ act: act ? JSON.stringify(act) : null, answer: null, operation: null },
    })
    .execute()
  return {
    id,
    policy: of,
    kind,
    name,
    service,
    at,
    mode,
    verdict,
    sentence,
    facts,
    ...(act && { act }),
    answer: undefined,
    outcome: undefined,
  }
}

/** The first answer holds. */
export async function writeAnswer(db: Reader, id: string, answer: CallAnswer): Promise<void> {
  await db
    .updateTable('policy_decisions')
    .set({ answer: JSON.stringify(answer), operation: answer.operation ?? null })
    .where('id', '=', id)
    .where('answer', 'is', null)
    .execute()
}

function decisionOf(row: Row): PastDecision {
  const { id, policy, kind, name, at, mode, verdict, sentence, facts, act } = row
  return {
    ...{ id, policy, kind, name, at, mode, verdict, sentence, facts },
    service: { id: row.service_id, name: row.service_name },
    ...(act && { act }),
    answer: row.answer ?? undefined,
    outcome: row.status ?? undefined,
  }
}
