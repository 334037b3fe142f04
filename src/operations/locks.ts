import type { Selectable } from 'kysely'
import type { Database } from '#src/adapters/store/schema.ts'
import type { Store, Transaction } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { Held, type UserError } from '#src/kernel/errors.ts'
import { ago } from '#src/kernel/say.ts'
import { settleAction } from './describe.ts'

export type Lock = Selectable<Database['locks']> & { readonly status: string | null; readonly environment_name: string | null }

/** The lock on a service, with how its operation stands. */
export function readLock(db: Store['db'] | Transaction, { project, environment }: Place, service: string): Promise<Lock | undefined> {
  return db
    .selectFrom('locks')
    .leftJoin('operations', 'operations.id', 'locks.operation')
    .selectAll('locks')
    .select(['operations.status', 'operations.environment_name'])
    .where('locks.project', '=', project)
    .where('locks.environment', '=', environment)
    .where('locks.service', '=', service)
    .executeTakeFirst()
}

/** Says who has the lock, since when and why, and what to do. */
export function lockedError({ owner_name, reason, since, operation, status }: Lock, what: string, clock: Clock): UserError {
  const who = `${what} has been locked by ${owner_name} since ${since.toISOString().slice(11, 16)} UTC (${ago(since, clock.now())}): ${reason}`
  if (status === 'unknown' && operation !== null) {
    return new Held(`${who} How that ended is not known, and an admin has to say. Nothing was done.`, [
      settleAction(operation, 'It happened', 'happened'),
      settleAction(operation, 'It did not happen', 'did-not-happen'),
    ])
  }
  if (operation === null) return new Held(`${who} Nothing was done: ask them.`)
  return new Held(`${who} Nothing was done: try again when that is over.`)
}
