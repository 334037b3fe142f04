import { sql } from 'kysely'
import type { Store } from '#src/adapters/store/store.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Incidents } from './incidents.ts'
import { readIncident, readOpen, withTroubles } from './rows.ts'
import { timelineOf } from './timeline.ts'

type Looking = Pick<Incidents, 'find' | 'numbered' | 'openOf' | 'list' | 'timeline' | 'unresolved'>

const mostListed = 100

export function createLooking({ store }: { readonly store: Store }): Looking {
  return {
    find: (id) => readIncident(store.db, id),
    async numbered({ guild }, number) {
      const row = await store.db
        .selectFrom('incidents')
        .selectAll()
        .where('guild', '=', guild)
        .where('number', '=', number)
        .executeTakeFirst()
      if (!row) throw new UserError(`There is no incident ${number}, so nothing was done. See /incidents list.`)
      return (await withTroubles(store.db, [row]))[0]!
    },
    openOf: (place, group) => readOpen(store.db, place, group),
    async list({ guild, project }, { state, environment, limit = mostListed } = {}) {
      const ofProject = store.db.selectFrom('incidents').selectAll().where('guild', '=', guild).where('project', '=', project)
      const there = environment === undefined ? ofProject : ofProject.where('environment', '=', environment)
      const wanted = state === undefined ? there.where('state', '<>', 'resolved') : there.where('state', '=', state)
      const worst = sql`CASE severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END`
      const ordered = state === 'resolved' ? wanted.orderBy('resolved_at', 'desc') : wanted.orderBy(worst)
      return withTroubles(store.db, await ordered.orderBy('number', 'desc').limit(Math.min(limit, mostListed)).execute())
    },
    async timeline(id) {
      const incident = await readIncident(store.db, id)
      if (!incident) throw new UserError('There is no such incident.')
      return timelineOf(store.db, incident)
    },
    async unresolved() {
      const rows = await store.db.selectFrom('incidents').select('id').where('state', '<>', 'resolved').execute()
      return rows.map(({ id }) => id)
    },
  }
}
