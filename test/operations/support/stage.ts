import { randomUUID } from 'node:crypto'
import { afterEach } from 'vitest'
import { createStore } from '#src/adapters/store/create-store.ts'
import { createAudit } from '#src/audit/audit.ts'
import { createDelivery } from '#src/delivery/create-delivery.ts'
import type { Call } from '#src/kernel/call.ts'
import type { Change } from '#src/operations/change.ts'
import { createOperations } from '#src/operations/create-operations.ts'
import type { Jobs } from '#src/operations/jobs.ts'
import { createLedger } from '#src/operations/ledger.ts'
import type { Operation } from '#src/operations/operation.ts'
import { createPerform } from '#src/operations/perform.ts'
import { createReferences } from '#src/references/references.ts'
import { discordDouble } from '#test/delivery/discord-double.ts'
import { hurriedClock } from '#test/support/hurried-clock.ts'
import { createTestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { doublePlace, railwayDouble } from '#test/support/railway-double.ts'

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

/** Everything an operation needs, but for the job queue: `perform` is called by hand. Time runs 20 times faster. */
export async function stage(given: { readonly gate?: (operation: Operation) => Promise<string | undefined> } = {}) {
  const { url, drop } = await createTestDatabase()
  const log = quietLog()
  const store = createStore({ url, poolSize: 8, log })
  endings.push(drop, () => store.close())
  const clock = hurriedClock(20)
  const railway = railwayDouble()
  const audit = createAudit({ store })
  const render = async ({ sentence }: { readonly sentence: string }) => ({ content: sentence, embeds: [], components: [] })
  const delivery = createDelivery({ store, messages: discordDouble(), render, clock, log })
  const queued: string[] = []
  const jobs: Pick<Jobs, 'enqueue'> & Jobs = {
    start: async () => {},
    enqueue: async (_tx, _queue, id) => void queued.push(id),
    work: async () => {},
    stop: async () => {},
  }
  const settled: Operation[] = []
  const parts = {
    store,
    delivery,
    audit,
    clock,
    log,
    jobs,
    railway: async () => railway,
    onSettled: (operation: Operation) => void settled.push(operation),
  }
  const references = createReferences({ store, secretKey: 'key', clock })
  const operations = createOperations({ ...parts, references })
  const perform = createPerform({ ...parts, ...given, ledger: createLedger(parts) })
  const start = async (change: Change, given: Partial<Call> = {}) => {
    const report = await operations.start(await operations.plan(change, doublePlace), { ...call(change), ...given })
    return report.operation!
  }
  const rowOf = (id: string) => store.db.selectFrom('operations').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const locks = () => store.db.selectFrom('locks').select(['service', 'operation']).execute()
  return {
    url,
    store,
    clock,
    references,
    railway,
    operations,
    perform: (id: string, signal = new AbortController().signal) => perform(id, signal),
    start,
    /** From plan to verdict. */
    async run(change: Change) {
      const id = await start(change)
      await perform(id, new AbortController().signal)
      return { id, row: await rowOf(id), report: (await operations.show(id))! }
    },
    rowOf,
    locks,
    settled,
    queued,
    delivery,
    log,
  }
}

export function call(change: Change): Call {
  return {
    key: `test:${randomUUID()}`,
    command: change.kind,
    raw: { service: change.service.name },
    actor: { kind: 'member', id: '7', name: 'Ada' },
    door: 'slash',
    place: doublePlace,
  }
}
