import { createStore } from '#src/adapters/store/create-store.ts'
import { createAudit } from '#src/audit/audit.ts'
import { createDelivery } from '#src/delivery/create-delivery.ts'
import { answerGuard } from '#src/guards/answer-guard.ts'
import type { Call } from '#src/kernel/call.ts'
import { systemClock } from '#src/kernel/clock.ts'
import type { Entry } from '#src/kernel/dispatch.ts'
import { createStart } from '#src/operations/start.ts'
import { createQuestions } from '#src/references/questions.ts'
import { createReferences } from '#src/references/references.ts'
import { discordDouble } from '#test/delivery/discord-double.ts'
import { quietLog } from '#test/support/quiet-log.ts'

/** One press of Confirm, in a process that tests kill: `node press-process.ts <database> planning|writing <step and plan as JSON>`. Prints where it waits. */
const [, , url = '', where = '', given = ''] = process.argv
const { call, command, plan } = JSON.parse(given)
const log = quietLog()
const clock = systemClock()
const store = createStore({ url, poolSize: 2, log })
const render = async () => ({ content: '', embeds: [], components: [] })
const delivery = createDelivery({ store, messages: discordDouble(), render, clock, log })
const references = createReferences({ store, secretKey: 'key', clock })

async function forEver(): Promise<never> {
  process.stdout.write(where)
  return new Promise<never>(() => setInterval(() => {}, 60_000))
}

const jobs = { start: async () => {}, work: async () => {}, stop: async () => {}, enqueue: forEver }
const start = createStart({ store, delivery, audit: createAudit({ store }), jobs, references, clock })
const step: Entry = { call: call as Call, command, standing: undefined }
await answerGuard(references, createQuestions({ store, delivery, clock }))(step, () =>
  where === 'planning' ? forEver() : start(plan, call),
)
