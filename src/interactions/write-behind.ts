import type { Log } from '#src/kernel/log.ts'

export interface WriteBehindParts<Row> {
  readonly write: (rows: readonly Row[]) => Promise<unknown>
  readonly log: Log
  /** Waiting rows beyond it are dropped: a database that is away must not fill the memory. */
  readonly capacity?: number
  readonly batch?: number
}

export const writeBehindDefaults = { capacity: 5_000, batch: 500 } as const

/** Writes in the background, as many rows at once as came while the write before was under way. A write that fails loses its rows, and says so. */
export function createWriteBehind<Row>({ write, log, ...given }: WriteBehindParts<Row>) {
  const { capacity, batch } = { ...writeBehindDefaults, ...given }
  const waiting: Row[] = []
  let writing: Promise<void> | undefined
  let dropped = 0

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const rows = waiting.splice(0, batch)
      try {
        await write(rows)
      } catch (err) {
        log.warn({ err, rows: rows.length }, 'interactions could not be written to the database; they are left out there')
      }
      if (dropped > 0) log.warn({ dropped }, 'interactions came faster than they could be written; some are left out')
      dropped = 0
    }
  }

  return {
    add(row: Row): void {
      if (waiting.length >= capacity) dropped += 1
      else waiting.push(row)
      writing ??= drain().finally(() => {
        writing = undefined
      })
    },
    async idle(): Promise<void> {
      await writing
    },
  }
}
