import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Store, Transaction } from '#src/adapters/store/store.ts'
import { faultsOf, pathWords } from '#src/alerts/faults.ts'
import { type Audit, ofCall } from '#src/audit/audit.ts'
import { didYouMean } from '#src/kernel/arguments/nearest.ts'
import { actorKey, actorName, type Call, type Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Directory } from '#src/kernel/directory.ts'
import { environmentName } from '#src/kernel/environment-name.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { PolicyWritten, WrittenPolicies } from './policies.ts'
import type { Policy } from './policy.ts'
import { policyDigest, policyOf } from './policy-rows.ts'
import type { PolicyShape } from './shape.ts'

/** Of one kind in an environment. */
export const mostPolicies = 200

export interface PoliciesParts<Rules> {
  readonly store: Pick<Store, 'db'>
  readonly shape: PolicyShape<Rules, unknown>
  readonly directory: Pick<Directory, 'environments'>
  readonly audit: Audit
  readonly clock: Clock
}

export function createPolicies<Rules>({ store: { db }, shape, directory, audit, clock }: PoliciesParts<Rules>): WrittenPolicies<Rules> {
  const rowsOf = (place: Place, reader: Transaction | typeof db = db) =>
    reader
      .selectFrom('policies')
      .selectAll()
      .where('guild', '=', place.guild)
      .where('project', '=', place.project)
      .where('environment', '=', place.environment)
      .where('kind', '=', shape.kind)

  async function list(place: Place): Promise<readonly Policy<Rules>[]> {
    const rows = await rowsOf(place).orderBy('name').execute()
    return rows.flatMap((row) => policyOf(row, shape) ?? [])
  }

  async function named(place: Place, name: string): Promise<Policy<Rules>> {
    const all = await list(place)
    const found = all.find((each) => each.name === name.trim().toLowerCase())
    if (found) return found
    const names = all.map((each) => each.name)
    const otherwise = names.length > 0 ? `There are ${names.slice(0, 8).join(', ')}.` : 'There is none in this environment yet.'
    throw new UserError(`There is no policy “${name}”, so nothing was done. ${didYouMean(name, names, otherwise)}`)
  }

  /** Takes turns with everybody who sets one of that kind here. */
  function inTurn<Value>({ guild, project, environment }: Place, write: (tx: Transaction) => Promise<Value>): Promise<Value> {
    return db.transaction().execute(async (tx) => {
      const turn = `policies ${shape.kind} ${guild} ${project} ${environment}`
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${turn}, 0))`.execute(tx)
      return write(tx)
    })
  }

  async function confirmed(policy: Policy<Rules>, call: Call, tx: Transaction): Promise<Policy<Rules>> {
    if (policy.mode !== 'act') return policy
    const cause = { reason: 'A policy was confirmed.', rule: { id: policy.id, digest: policy.digest } }
    const outcome = `Helix may do by itself from now on what the policy ${policy.kind}:${policy.name} says of ${policy.service.name}.`
    await audit.record({ ...ofCall(call), event: 'confirmed', place: policy.place, outcome, cause }, tx)
    return policy
  }

  function checked({ name, rules }: PolicyWritten): Readonly<Record<string, unknown>> {
    if (!/^[a-z0-9][a-z0-9-]{0,49}$/.test(name)) {
      throw new UserError(`“${name}” is no name for a policy: lower-case letters, digits and dashes, at most 50. Nothing was set.`)
    }
    const written = Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined))
    const read = shape.rules.safeParse(written)
    if (read.success) return written
    const faults = faultsOf(read.error).map(({ path, message }) => `“${pathWords(path)}” ${message}`)
    throw new UserError(`Nothing was set: ${faults.join('; ')}.`)
  }

  const readBack = (row: Parameters<typeof policyOf>[0]) => policyOf(row, shape)!

  return {
    list,
    named,
    written: async ({ id }) => (await db.selectFrom('policies').select('rules').where('id', '=', id).executeTakeFirst())?.rules,
    async set(call, written) {
      const rules = checked(written)
      const { place } = call
      const { name, service, mode } = written
      const where = await environmentName(directory, place)
      return inTurn(place, async (tx) => {
        const rows = await rowsOf(place, tx).execute()
        const names = rows.map((row) => row.name)
        if (names.length >= mostPolicies && !names.includes(name)) {
          throw new UserError(`There are ${mostPolicies} policies here already, so nothing was set. Remove one first.`)
        }
        shape.fits?.(
          { name, service },
          rows.map((row) => ({ name: row.name, service: { id: row.service_id, name: row.service_name } })),
        )
        const version = {
          ...{ environment_name: where, service_id: service.id, service_name: service.name, mode, rules: JSON.stringify(rules) },
          digest: policyDigest({ kind: shape.kind, place, service: service.id, rules }),
          ...{ set_by: actorKey(call.actor), set_by_name: actorName(call.actor), set_at: clock.now() },
          channel: call.reply?.channel ?? call.channel ?? null,
          ...{ state: null, state_digest: null, read_at: null },
        }
        const { guild, project, environment } = place
        const row = await tx
          .insertInto('policies')
          .values({ id: randomUUID(), guild, project, environment, kind: shape.kind, name, ...version })
          .onConflict((conflict) => conflict.columns(['guild', 'project', 'environment', 'kind', 'name']).doUpdateSet(version))
          .returningAll()
          .executeTakeFirstOrThrow()
        return confirmed(readBack(row), call, tx)
      })
    },
    async switch(call, name, mode) {
      const { id } = await named(call.place, name)
      return inTurn(call.place, async (tx) => {
        const by = { set_by: actorKey(call.actor), set_by_name: actorName(call.actor), set_at: clock.now() }
        const row = await tx
          .updateTable('policies')
          .set({ mode, ...by, state: null, state_digest: null })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst()
        if (!row) throw new UserError(`The policy “${name}” was removed meanwhile, so nothing was done.`)
        return confirmed(readBack(row), call, tx)
      })
    },
    async remove(call, name) {
      const policy = await named(call.place, name)
      await db.deleteFrom('policies').where('id', '=', policy.id).execute()
      return policy
    },
  }
}
