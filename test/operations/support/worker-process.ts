import type { DiscordMessages } from '#src/adapters/discord/discord.ts'
import type { Railway } from '#src/adapters/railway/railway.ts'
import { createStore } from '#src/adapters/store/create-store.ts'
import { createAudit } from '#src/audit/audit.ts'
import { createDelivery } from '#src/delivery/create-delivery.ts'
import { systemClock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { createTailWorker } from '#src/logs/tail-worker.ts'
import { createJobs } from '#src/operations/jobs.ts'
import { createOperationWorker } from '#src/operations/worker.ts'
import { remote } from './wire.ts'

/** A worker as the bot wires one, in a process that tests kill: `node worker-process.ts <database> <wire>`. Logs JSON lines. */
const [, , databaseUrl = '', wireUrl = ''] = process.argv

const say = (level: string) => (fields: object, message: string) =>
  void process.stdout.write(`${JSON.stringify({ level, message, ...fields })}\n`)
const log: Log = { debug: () => {}, info: say('info'), warn: say('warn'), error: say('error'), child: () => log }

const clock = systemClock()
const railway: Railway = remote<Railway>(wireUrl, 'railway', {
  async *followDeployment(id, signal) {
    for (let shown = ''; !signal.aborted; await clock.sleep(100, signal)) {
      const now = await railway.deployment(id)
      if (now && JSON.stringify(now) !== shown) yield now
      shown = JSON.stringify(now)
      if (now && ['SUCCESS', 'FAILED', 'REMOVED'].includes(now.status)) return
    }
  },
  async *followLogs({ deploymentId, since, signal }) {
    for (let from = since ?? new Date(); !signal.aborted; await clock.sleep(100, signal)) {
      const lines = (await railway.logs({ deploymentId, limit: 100 })).filter(({ at }) => at > from)
      from = lines.at(-1)?.at ?? from
      if (lines.length > 0) yield lines
    }
  },
})

const store = createStore({ url: databaseUrl, poolSize: 6, log })
const jobs = createJobs({ url: databaseUrl, log })
const messages = remote<DiscordMessages>(wireUrl, 'discord')
const delivery = createDelivery({
  store,
  messages,
  clock,
  log,
  render: async ({ sentence }) => ({ content: sentence, embeds: [], components: [] }),
})
const parts = { store, delivery, jobs, clock, log, railway: async () => railway }
await jobs.start()
await delivery.start()
await createOperationWorker({ ...parts, audit: createAudit({ store }), onSettled: () => {} }).start()
await createTailWorker(parts).start()
process.once('SIGTERM', async () => {
  await jobs.stop()
  await delivery.stop()
  await store.close()
})
log.info({}, 'ready')
