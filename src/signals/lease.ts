import { sql } from 'kysely'
import type { Store, Transaction } from '#src/adapters/store/store.ts'
import type { Log } from '#src/kernel/log.ts'

/** Of all processes on one database, one at a time does something. Time is the database's own: clocks of machines disagree. */
export interface Lease {
  /** Takes it where it is free, or keeps it. False also where the database cannot be asked. Ask three times in `ttlMs`. */
  hold(): Promise<boolean>
  /** Throws LeaseLost where another has it by now; where not, nobody gets it before this transaction is over. */
  fence(tx: Transaction): Promise<void>
  /** Lets another have it at once. */
  release(): Promise<void>
}

/** Another process does it now: whatever this one was about to write must not be written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

export interface LeaseDeps {
  readonly store: Pick<Store, 'db'>
  readonly name: string
  /** Of this process. */
  readonly holder: string
  /** How long after its holder died another may have it. */
  readonly ttlMs: number
  readonly log: Log
}

export function createLease({ store, name, holder, ttlMs, log }: LeaseDeps): Lease {
  let isHeld = false

  async function take(): Promise<boolean> {
    const until = sql`clock_timestamp() + ${ttlMs} * interval '1 millisecond'`
    const { rows } = await sql<{ holder: string }>`
      INSERT INTO leases (name, holder, until) VALUES (${name}, ${holder}, ${until})
      ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
      WHERE leases.holder = excluded.holder OR leases.until < clock_timestamp() RETURNING holder`.execute(store.db)
    return rows.length > 0
  }

  return {
    async hold() {
      const held = await take().catch((err: unknown) => {
        log.debug({ err, lease: name }, 'a lease could not be asked for')
        return false
      })
      if (held !== isHeld) log.info({ lease: name }, held ? 'this process has the lease' : 'this process has the lease no more')
      isHeld = held
      return held
    },
    async fence(tx) {
      const row = await tx
        .selectFrom('leases')
        .select('name')
        .where('name', '=', name)
        .where('holder', '=', holder)
        .forShare()
        .executeTakeFirst()
      if (!row) throw new LeaseLost(`Another process has the lease ${name}.`)
    },
    async release() {
      isHeld = false
      await store.db
        .deleteFrom('leases')
        .where('name', '=', name)
        .where('holder', '=', holder)
        .execute()
        .catch((err: unknown) => log.debug({ err, lease: name }, 'a lease was not given back: it ends by itself'))
    },
  }
}
