import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterEach, vi } from 'vitest'
import { createStore } from '#src/adapters/store/create-store.ts'
import { createAudit } from '#src/audit/audit.ts'
import { createDelivery } from '#src/delivery/create-delivery.ts'
import { systemClock } from '#src/kernel/clock.ts'
import type { Change } from '#src/operations/change.ts'
import { createOperations } from '#src/operations/create-operations.ts'
import { createJobs } from '#src/operations/jobs.ts'
import { createReferences } from '#src/references/references.ts'
import { discordDouble } from '#test/delivery/discord-double.ts'
import { createTestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { doublePlace, railwayDouble } from '#test/support/railway-double.ts'
import { call } from './stage.ts'
import { serve } from './wire.ts'

export interface WorkerProcess {
  readonly process: ChildProcess
  readonly lines: string[]
  kill(signal: NodeJS.Signals): void
  until(text: string): Promise<void>
}

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

/** Railway and Discord in this process, workers in processes of their own, and the side that starts operations, as a gateway does. */
export async function workshop() {
  const { url, drop } = await createTestDatabase()
  const log = quietLog()
  const clock = systemClock()
  const store = createStore({ url, poolSize: 6, log })
  const railway = railwayDouble()
  const discord = discordDouble()
  const wire = await serve({ railway, discord })
  const jobs = createJobs({ url, log })
  await jobs.start()
  endings.push(
    drop,
    () => store.close(),
    wire.close,
    () => jobs.stop(),
  )
  const render = async ({ sentence }: { readonly sentence: string }) => ({ content: sentence, embeds: [], components: [] })
  const delivery = createDelivery({ store, messages: discord, render, clock, log })
  const parts = { store, delivery, audit: createAudit({ store }), clock, log, jobs, railway: async () => railway, onSettled: () => {} }
  const operations = createOperations({ ...parts, references: createReferences({ store, secretKey: 'key', clock }) })

  async function worker(): Promise<WorkerProcess> {
    const child = spawn(process.execPath, [new URL('./worker-process.ts', import.meta.url).pathname, url, wire.url], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const lines: string[] = []
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream! }).on('line', (line) => lines.push(line))
    endings.push(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    })
    const until = (text: string) =>
      vi.waitFor(
        () => {
          if (!lines.some((line) => line.includes(text))) throw new Error(`no “${text}” in\n${lines.join('\n')}`)
        },
        { timeout: 20_000, interval: 20 },
      )
    await until('"ready"')
    return { process: child, lines, until, kill: (signal) => void child.kill(signal) }
  }

  return {
    store,
    railway,
    discord,
    delivery,
    operations,
    jobs,
    parts,
    worker,
    /** Starts a change, shown in a message of its own. */
    async start(change: Change, message: string): Promise<string> {
      const ref = { channel: 'c', message }
      discord.stand(ref)
      const plan = await operations.plan(change, doublePlace)
      const { operation } = await operations.start(plan, { ...call(change), reply: ref })
      await delivery.adopted(ref)
      return operation!
    },
    rowOf: (id: string) => store.db.selectFrom('operations').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    /** Waits for a status, in real time. */
    async ends(id: string, status: string, timeout = 30_000): Promise<void> {
      await vi.waitFor(
        async () => {
          const row = await store.db.selectFrom('operations').select(['status', 'verdict']).where('id', '=', id).executeTakeFirstOrThrow()
          if (row.status !== status) throw new Error(`${row.status}: ${row.verdict?.sentence}`)
        },
        { timeout, interval: 50 },
      )
    },
  }
}
