import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Store } from '#src/adapters/store/store.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import type { Environments } from '#src/environments/environments.ts'
import { actorName } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import { version } from '#src/kernel/say.ts'
import type { Jobs } from '#src/operations/jobs.ts'
import { deploymentToRead } from './create-logs.ts'
import { type Tail, tailReport } from './tail-report.ts'
import { stopped, tailOf, writeRequest } from './tail-rows.ts'
import type { Tails } from './tails.ts'

export interface TailsParts {
  readonly store: Store
  readonly delivery: Delivery
  readonly jobs: Jobs
  readonly environments: Environments
  readonly clock: Clock
}

/** How long a tail lives, in ms: within the time in which Discord lets a message be edited often. */
export const tailMs = 10 * 60_000

/** Starting and stopping; what happens in between is the tail worker's, in whatever process. */
export function createTails({ store, delivery, jobs, environments, clock }: TailsParts): Tails {
  return {
    async start({ place, actor, reply, channel }, request) {
      if (request.kind === 'build') throw new UserError('Build logs cannot be followed live. Read them without “follow”.')
      const deployment = request.deployment ?? (await deploymentToRead(environments, place, request))
      const { state } = await environments.state(place, Number.POSITIVE_INFINITY)
      const startedAt = clock.now()
      const tail: Tail = {
        id: randomUUID(),
        place,
        service: request.service.name,
        version: version(deployment),
        where: state.name,
        filter: request.filter,
        deployment: deployment.id,
        by: actorName(actor),
        startedAt,
        endsAt: new Date(startedAt.getTime() + tailMs),
      }
      const report = tailReport(tail, [], 0)
      await store.db.transaction().execute(async (tx) => {
        const { id, service, filter } = tail
        await tx
          .insertInto('tails')
          .values({
            id,
            guild: place.guild,
            project: place.project,
            environment: place.environment,
            request: writeRequest({ service, version: tail.version, where: tail.where, ...(filter !== undefined && { filter }) }),
            deployment: tail.deployment,
            by_name: tail.by,
            started_at: startedAt,
            ends_at: tail.endsAt,
            stopped_at: null,
          })
          .execute()
        await delivery.revise(tx, id, report, place)
        if (reply) await delivery.watch(tx, { subject: id, place, message: reply })
        else if (channel !== undefined) await delivery.post(tx, { subject: id, place, channel })
        await jobs.enqueue(tx, 'tails', id)
      })
      return report
    },
    async prune(before) {
      const { numDeletedRows } = await store.db.deleteFrom('tails').where('ends_at', '<', before).executeTakeFirst()
      return Number(numDeletedRows)
    },
    async stop(id, by) {
      return store.db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('tails')
          .set({ stopped_at: clock.now() })
          .where(sql<string>`id::text`, '=', id)
          .where('stopped_at', 'is', null)
          .returningAll()
          .executeTakeFirst()
        if (!row) throw new UserError('This tail is over already.')
        const shown = await delivery.newest(id)
        const { actions, ...report } = tailReport(tailOf(row), [], 0, { over: 'Stopped.' })
        const ended = {
          ...report,
          sentence: `${by} stopped the live logs of ${tailOf(row).service} in ${tailOf(row).where}.`,
          ...(shown?.table && { table: shown.table }),
          ...(actions && { actions }),
        }
        await delivery.revise(tx, id, ended, tailOf(row).place)
        await sql`SELECT pg_notify(${stopped}, ${id})`.execute(tx)
        return ended
      })
    },
  }
}
