import type { Kysely, Transaction as KyselyTransaction } from 'kysely'
import type { UpstreamError } from '#src/kernel/errors.ts'
import type { Database } from './schema.ts'

export type Transaction = KyselyTransaction<Database>

/** PostgreSQL, through pg and Kysely. */
export interface Store {
  readonly db: Kysely<Database>
  /** Brings the schema up to date, under an advisory lock: any number of processes may call it at once. */
  migrate(): Promise<readonly string[]>
  /** Calls back for each NOTIFY on the channel; survives lost connections (and calls back once after each, as something may have been missed). */
  listen(channel: string, onNotify: (payload: string) => void): Promise<{ stop(): Promise<void> }>
  /** Cheap round trip: throws where the database cannot be reached. */
  check(): Promise<void>
  /** What an error of `db` is to whoever asked, where it means that the database cannot be reached; undefined for every other error. */
  awayFault(error: unknown): UpstreamError | undefined
  /** Of its pool. */
  figures(): Readonly<Record<'size' | 'open' | 'idle' | 'waiting', number>>
  close(): Promise<void>
}
