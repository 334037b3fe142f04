import type { Store, Transaction } from '#src/adapters/store/store.ts'
import type { CallAnswer } from '#src/automation/call-wire.ts'
import type { Call, Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { PastDecision } from './decision.ts'
import { insertDecision, pastOf, pastWithActs, writeAnswer } from './decision-rows.ts'
import type { PolicyStops } from './policies.ts'
import type { Policy, Stop } from './policy.ts'
import { type PolicyRow, policyOf } from './policy-rows.ts'
import type { Rounds } from './rounds.ts'
import type { PolicyShape } from './shape.ts'

export interface RoundsParts<Rules, State> {
  readonly store: Pick<Store, 'db'>
  readonly shape: PolicyShape<Rules, State>
  readonly stops: Pick<PolicyStops, 'stopped'>
  /** The one path; throws UpstreamError where nothing was begun and the same call may be made again. */
  readonly ask: (call: Call) => Promise<CallAnswer | 'under way'>
  /** What came of a call that was made before. */
  readonly answerTo: (key: string) => Promise<CallAnswer | 'under way' | undefined>
  readonly clock: Clock
  readonly log: Log
}

/** What was decided longer ago and never begun is not wanted any more: things are otherwise now. */
const WANTED_MS = 120_000
const PAST = 100
const HOUR = 3_600_000
const LONGEST_REASON = 500

export function createRounds<Rules, State>(parts: RoundsParts<Rules, State>): Rounds<Rules, State> {
  const { store, shape, stops, ask, answerTo, clock, log } = parts
  const { db } = store

  const stateOf = (row: Pick<PolicyRow, 'state' | 'state_digest' | 'digest'>): State | undefined => {
    if (row.state_digest !== row.digest) return undefined
    return shape.state.safeParse(row.state).data
  }

  const ofPlace = ({ guild, project, environment }: Place) =>
    db.selectFrom('policies').where('guild', '=', guild).where('project', '=', project).where('environment', '=', environment)

  function decideOne(id: string, readAt: Date, stop: Stop | undefined, decide: Parameters<Rounds<Rules, State>['make']>[2]) {
    return db.transaction().execute(async (tx: Transaction) => {
      const row = await tx.selectFrom('policies').selectAll().where('id', '=', id).where('mode', '!=', 'off').forUpdate().executeTakeFirst()
      const policy = row && policyOf(row, shape)
      if (!policy || (row.read_at && row.read_at >= readAt)) return undefined
      const past = await pastWithActs(tx, policy, PAST, new Date(readAt.getTime() - HOUR))
      const made = await decide({ policy, state: stateOf(row), readAt: row.read_at ?? undefined, past, stop }, tx)
      if (!made) return undefined
      const kept = { state: JSON.stringify(made.state), state_digest: policy.digest, read_at: readAt }
      await tx.updateTable('policies').set(kept).where('id', '=', id).execute()
      const decision = made.decision && (await insertDecision(tx, policy, made.decision, clock.now()))
      return decision && { policy, decision }
    })
  }

  async function carryOut(policy: Policy, decision: PastDecision): Promise<void> {
    const { id, act, mode } = decision
    if (!act || mode !== 'act') return
    const answer = await answered(callOf(policy, decision), decision)
    if (answer === 'under way') return
    await writeAnswer(db, id, answer)
    log.info({ policy: policy.name, kind: policy.kind, decision: id, command: act.command, status: answer.status }, 'a policy acted')
  }

  async function answered(call: Call, { at }: PastDecision): Promise<CallAnswer | 'under way'> {
    const isLate = clock.now().getTime() - at.getTime() > WANTED_MS
    if (isLate) return answerOr(call.key, 'It could not be begun for two minutes, and is not wanted any more.')
    try {
      return await ask(call)
    } catch (err) {
      if (!(err instanceof UpstreamError)) throw err
      log.warn({ err, call: call.key }, 'what a policy decided could not be begun: it is asked for again')
      return 'under way'
    }
  }

  /** What came of it, should it have been begun; else that it is refused, and may be decided again. */
  async function answerOr(key: string, sentence: string): Promise<CallAnswer | 'under way'> {
    return (await answerTo(key)) ?? { status: 'refused', sentence, forNow: true }
  }

  function callOf({ id, kind, name, digest, place, by, channel }: Policy, { id: key, act, sentence }: PastDecision): Call {
    return {
      key: `policy:${key}`,
      command: act!.command,
      raw: act!.arguments,
      actor: { kind: 'helix', policy: `${kind}:${name}`, enabledBy: by },
      door: 'automation',
      place,
      cause: { reason: sentence.slice(0, LONGEST_REASON).toWellFormed(), rule: { id, digest } },
      ...(shape.announces && channel !== undefined && { channel }),
    }
  }

  /** What was committed and never answered: its process ended, or Railway or the database was away. */
  async function carryOutLeft({ guild, project, environment }: Place): Promise<void> {
    const rows = await db
      .selectFrom('policy_decisions')
      .select(['id', 'policy', 'digest'])
      .where('guild', '=', guild)
      .where('project', '=', project)
      .where('environment', '=', environment)
      .where('kind', '=', shape.kind)
      .where('mode', '=', 'act')
      .where('act', 'is not', null)
      .where('answer', 'is', null)
      .limit(50)
      .execute()
    for (const { id, policy: of, digest } of rows) {
      const decision = (await pastOf(db, { id: of }, PAST)).find((each) => each.id === id)
      const row = await db.selectFrom('policies').selectAll().where('id', '=', of).executeTakeFirst()
      const policy = row && policyOf(row, shape)
      if (decision && policy?.digest === digest) {
        await carryOut(policy, decision)
        continue
      }
      // What another version decided is not what this one allows.
      const answer = await answerOr(`policy:${id}`, `The policy was ${policy ? 'set anew' : 'removed'} before this was begun.`)
      if (answer !== 'under way') await writeAnswer(db, id, answer)
    }
  }

  return {
    async make(place, readAt, decide) {
      await carryOutLeft(place)
      const ids = await ofPlace(place).select('id').where('kind', '=', shape.kind).where('mode', '!=', 'off').orderBy('name').execute()
      const stop = ids.length > 0 ? await stops.stopped(place.guild) : undefined
      const failures: unknown[] = []
      for (const { id } of ids) {
        try {
          const made = await decideOne(id, readAt, stop, decide)
          if (made) await carryOut(made.policy, made.decision)
        } catch (error) {
          failures.push(error)
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, `${failures.length} of ${ids.length} policies could not decide`)
    },
    past: (_place, policy, most) => pastOf(db, policy, most),
    async state({ id, digest }) {
      const row = await db.selectFrom('policies').select(['state', 'state_digest', 'digest']).where('id', '=', id).executeTakeFirst()
      return row?.digest === digest ? stateOf(row) : undefined
    },
  }
}
