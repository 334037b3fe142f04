import { fromKysely, PgBoss } from 'pg-boss'
import type { Transaction } from '#src/adapters/store/store.ts'
import type { Log } from '#src/kernel/log.ts'

/** How many jobs one process works on at the same moment, and how often each free hand looks for one unasked, in seconds. */
const queues = { operations: { atOnce: 8, lookSeconds: 1 }, tails: { atOnce: 5, lookSeconds: 2 } } as const
export type QueueName = keyof typeof queues

/** Work that outlives its process: jobs in PostgreSQL, taken over from a process that died within 15 s. */
export interface Jobs {
  /** Makes what is missing in the database. Before anything else here. */
  start(): Promise<void>
  /** The job is there if and when the transaction is. */
  enqueue(tx: Transaction, queue: QueueName, id: string): Promise<void>
  /**
   * Takes jobs of this queue. The signal aborts when this process stops, or when the job was given to another. A handler that
   * throws is called again, here or elsewhere, without end.
   */
  work(queue: QueueName, handler: (id: string, signal: AbortSignal) => Promise<void>): Promise<void>
  /** Tells every handler to stop, and gives back what they did not end. */
  stop(): Promise<void>
}

export interface JobsParts {
  readonly url: string
  readonly log: Log
}

const stopMs = 10_000

export function createJobs({ url, log }: JobsParts): Jobs {
  const stopping = new AbortController()
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'helix-jobs',
    max: 4,
    schedule: false,
    // A dead worker is noticed by these; together with the heartbeat they make the 15 s.
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
    useListenNotify: true,
  })
  boss.on('error', (error) => log.warn({ reason: error.message }, 'the job queue has a problem'))
  boss.on('warning', ({ message }) => log.info({ reason: message }, 'the job queue warns'))
  return {
    async start() {
      await boss.start()
      for (const name of Object.keys(queues)) {
        await boss.createQueue(name, {
          // Not `singleton`: a queue of that kind knows late that a key is free again, and the table of locks keeps changes apart anyway.
          policy: 'standard',
          notify: true,
          heartbeatSeconds: 10,
          retryLimit: 1_000_000,
          retryDelay: 0,
          expireInSeconds: 3_600,
          deleteAfterSeconds: 86_400,
        })
      }
    },
    async enqueue(tx, queue, id) {
      const job = await boss.send(queue, { id }, { db: fromKysely(tx) })
      if (job === null) throw new Error(`the job queue did not take ${queue} ${id}`)
    },
    async work(queue, handler) {
      // Without the polling, retries and the next of a key would wait for 30 s: no notification wakes for them.
      const options = {
        localConcurrency: queues[queue].atOnce,
        pollingIntervalSeconds: queues[queue].lookSeconds,
        notifyPollingIntervalSeconds: queues[queue].lookSeconds,
        heartbeatRefreshSeconds: 3,
      }
      await boss.work<{ id: string }>(queue, options, async ([job]) => {
        if (job) await handler(job.data.id, AbortSignal.any([job.signal, stopping.signal]))
      })
    },
    async stop() {
      stopping.abort()
      await boss.stop({ graceful: true, timeout: stopMs })
    },
  }
}
