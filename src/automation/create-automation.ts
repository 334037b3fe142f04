import { randomUUID } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import type { Database } from '#src/adapters/store/schema.ts'
import type { Store, Transaction } from '#src/adapters/store/store.ts'
import { type Audit, ofCall } from '#src/audit/audit.ts'
import { environment as environmentNamed } from '#src/kernel/arguments/environment.ts'
import { actorKey, actorName, type Call, type Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { CommandBook } from '#src/kernel/command-book.ts'
import type { Directory } from '#src/kernel/directory.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Automation, Grant, RuleVersion } from './automation.ts'
import { fits } from './fits.ts'
import { ruleDigest } from './rule-digest.ts'
import { environmentArgument, ruleFault } from './rule-faults.ts'

export interface AutomationParts {
  readonly store: Store
  readonly book: CommandBook
  readonly directory: Directory
  readonly audit: Audit
  readonly clock: Clock
}

export function createAutomation({ store, book, directory, audit, clock }: AutomationParts): Automation {
  const live = () => store.db.selectFrom('automation_grants').selectAll().where('revoked_at', 'is', null)

  async function placeOf({ command, environment }: RuleVersion, call: Call): Promise<Place> {
    const found = await environmentNamed().read(environment, { command, place: call.place, directory, raw: {} })
    return found ? { ...call.place, environment: found.id } : call.place
  }

  async function insert(tx: Transaction, version: RuleVersion, place: Place, call: Call): Promise<Grant> {
    const row = await tx
      .insertInto('automation_grants')
      .values({
        id: randomUUID(),
        ...place,
        service: version.service,
        rule: version.rule,
        digest: ruleDigest(version),
        pattern: version.pattern,
        command: version.command,
        arguments: JSON.stringify(version.arguments),
        environment_name: version.environment ?? null,
        granted_by: actorKey(call.actor),
        granted_by_name: actorName(call.actor),
        granted_at: clock.now(),
        channel: call.reply?.channel ?? null,
        revoked_by: null,
        revoked_at: null,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    return grantOf(row)
  }

  async function end(tx: Transaction, { service, rule }: Pick<RuleVersion, 'service' | 'rule'>, call: Call): Promise<boolean> {
    const { numUpdatedRows } = await tx
      .updateTable('automation_grants')
      .set({ revoked_by: actorKey(call.actor), revoked_at: clock.now() })
      .where('guild', '=', call.place.guild)
      .where('service', '=', service)
      .where('rule', '=', rule)
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  }

  return {
    async grant(version, call) {
      if (book.get(call.command)?.role !== 'admin') throw new Error(`/${call.command} confirms rules and is not for admins alone`)
      const fault = ruleFault(version, book)
      if (fault !== undefined) throw new UserError(`${fault} Nothing was confirmed.`)
      const place = await placeOf(version, call)
      return store.db.transaction().execute(async (tx) => {
        // Two who confirm at the same moment take turns; the second version is the one that holds.
        await sql`SELECT pg_advisory_xact_lock(hashtext('automation_grants'), hashtext(${version.rule}))`.execute(tx)
        await end(tx, version, call)
        const grant = await insert(tx, version, place, call)
        const cause = { reason: 'A rule was confirmed.', rule: { id: grant.rule, digest: grant.digest } }
        const outcome = `${version.service} may do this by itself from now on: ${grant.command} for ${grant.pattern}.`
        await audit.record({ ...ofCall(call), event: 'confirmed', place, outcome, cause }, tx)
        return grant
      })
    },
    revoke: (rule, call) => store.db.transaction().execute((tx) => end(tx, rule, call)),
    async grants(guild) {
      const rows = await live().where('guild', '=', guild).orderBy('granted_at').execute()
      return rows.map(grantOf)
    },
    async channelOf({ service, rule }, guild) {
      const row = await store.db
        .selectFrom('automation_grants')
        .select('channel')
        .where('guild', '=', guild)
        .where('service', '=', service)
        .where('rule', '=', rule)
        .orderBy('granted_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row?.channel ?? undefined
    },
    async covering(call, environment) {
      const { actor, cause, command: name, place } = call
      const command = book.get(name)
      if (actor.kind !== 'token' || !cause?.rule || !command) return undefined
      const row = await live()
        .where('guild', '=', place.guild)
        .where('project', '=', place.project)
        .where('environment', '=', environment.id)
        .where('service', '=', actor.id)
        .where('rule', '=', cause.rule.id)
        .where('digest', '=', cause.rule.digest)
        .where('command', '=', name)
        .executeTakeFirst()
      // Which environment it is stands in the plan already, whatever the call named it.
      const { [environmentArgument(command) ?? '']: _, ...called } = call.raw
      return row && fits(row.arguments, called) ? grantOf(row) : undefined
    },
  }
}

function grantOf(row: Selectable<Database['automation_grants']>): Grant {
  const { id, guild, project, environment, service, rule, digest, pattern, command } = row
  return {
    ...{ id, service, rule, digest, pattern, command },
    arguments: row.arguments,
    environment: row.environment_name ?? undefined,
    place: { guild, project, environment },
    by: row.granted_by,
    byName: row.granted_by_name,
    at: row.granted_at,
    channel: row.channel ?? undefined,
  }
}
