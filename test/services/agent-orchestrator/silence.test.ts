import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createSilence, limits } from '#services/agent-orchestrator/silence.ts'
import { outboxTable, type Tables } from '#services/agent-orchestrator/tables.ts'
import { createDatabase, type ServiceDatabase } from '#src/adapters/store/create-database.ts'
import { silentAfterMs } from '#src/agents/wire.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { createOutbox, type Outbox } from '#src/streams/outbox.ts'
import { handClock } from '#test/playground/discord/hand-clock.ts'
import { createEmptyDatabase, type TestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'

const EVERY_MS = 5_000
const TURNS = silentAfterMs / EVERY_MS
const log = quietLog()
let made: TestDatabase
let database: ServiceDatabase<Tables>
let outbox: Outbox<Tables>
let told: Record<string, unknown>[]

beforeAll(async () => {
  made = await createEmptyDatabase()
  const migrations = new URL('../../../services/agent-orchestrator/migrations/', import.meta.url)
  database = createDatabase<Tables>({ url: made.url, size: 4, log, applicationName: 'silence', migrations })
  await database.migrated()
  const streams = { publish: async (channel: string, message: object) => String(told.push({ channel, ...message })) }
  outbox = createOutbox({ db: database.db, table: outboxTable, streams, clock: systemClock(), log })
  outbox.start()
})
afterAll(async () => {
  await outbox?.stop()
  await database?.close()
  await made?.drop()
})
beforeEach(async () => {
  told = []
  await database.db.deleteFrom('orchestrator.agents').execute()
})

/** One process of the service, its turns some seconds apart. */
function replica() {
  const clock = handClock()
  const turn = createSilence({ outbox, clock })
  return {
    clock,
    async turns(many: number, everyMs = EVERY_MS) {
      for (let each = 0; each < many; each += 1) {
        await clock.turn(everyMs)
        await turn()
      }
    },
  }
}

async function agent(agent_id: string, last_seen_at: Date | null) {
  const at = new Date(0)
  const profile = { agent_id, name: agent_id, role: '', description: '', capabilities: '[]', status: 'active' } as const
  await database.db
    .insertInto('orchestrator.agents')
    .values({ ...profile, created_at: at, updated_at: at, last_seen_at })
    .execute()
}
const heard = (last_seen_at: Date) => database.db.updateTable('orchestrator.agents').set({ last_seen_at }).execute()

test('an agent that falls silent is told once, and once more when it is heard again', async () => {
  const { clock, turns } = replica()
  await turns(1)
  const first = clock.now()
  await agent('kael', first)
  await turns(TURNS)
  expect(told).toEqual([])
  await turns(3)
  const silent = { channel: 'agent:coordination', event: 'agent_silent', agent_id: 'kael', last_seen_at: first.toISOString() }
  expect(told).toEqual([{ ...silent, timestamp: expect.any(String) }])
  const again = clock.now()
  await heard(again)
  await turns(3)
  expect(told.slice(1)).toEqual([{ ...silent, event: 'agent_heard', last_seen_at: again.toISOString(), timestamp: expect.any(String) }])
})

test('an agent that was never heard is no news', async () => {
  const { turns } = replica()
  await agent('unheard', null)
  await turns(TURNS + 2)
  expect(told).toEqual([])
})

test('what was not heard while nobody listened counts for nothing: at the start, and after a pause', async () => {
  const { clock, turns } = replica()
  await agent('waiting', new Date(clock.now().getTime() - 10 * silentAfterMs))
  await turns(TURNS)
  await turns(1, limits.pauseMs + 1)
  await turns(TURNS - 1)
  expect(told).toEqual([])
  await turns(1)
  expect(told).toMatchObject([{ event: 'agent_silent', agent_id: 'waiting' }])
})

test('of two replicas one tells it, and of many agents none is left out', async () => {
  const [one, other] = [replica(), replica()]
  const both = (many: number) => Promise.all([one.turns(many), other.turns(many)])
  await both(1)
  for (let each = 0; each <= limits.batch; each += 1) await agent(`agent-${each}`, one.clock.now())
  for (let each = 0; each < TURNS + 1; each += 1) await both(1)
  expect(new Set(told.map(({ agent_id }) => agent_id)).size).toBe(limits.batch + 1)
  expect(told).toHaveLength(limits.batch + 1)
})
