import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { doublePlace } from '#test/support/railway-double.ts'
import { call } from './support/stage.ts'
import { workshop } from './support/workshop.ts'

const jobsOf = async (store: Awaited<ReturnType<typeof workshop>>['store']) => {
  const { rows } = await sql<{ count: string }>`SELECT count(*) FROM pgboss.job WHERE name IN ('operations', 'tails')`.execute(store.db)
  return Number(rows[0]!.count)
}

test('operation, lock, job, audit row and message are there together, or not at all', async () => {
  const { store, railway, operations, parts, discord } = await workshop()
  const plan = await operations.plan({ kind: 'restart', service: railway.add('api') }, doublePlace)
  const reply = { channel: 'c', message: 'm1' }
  discord.stand(reply)
  const count = async () => {
    const tables = ['operations', 'locks', 'audit', 'living', 'messages'] as const
    const counted = await Promise.all(
      tables.map((table) =>
        store.db
          .selectFrom(table)
          .select((row) => row.fn.countAll<string>().as('n'))
          .executeTakeFirstOrThrow(),
      ),
    )
    return [...counted.map(({ n }) => Number(n)), await jobsOf(store)]
  }
  const enqueue = parts.jobs.enqueue
  parts.jobs.enqueue = async (...args) => {
    await enqueue(...args)
    throw new Error('the process dies before the commit')
  }
  await expect(operations.start(plan, { ...call(plan.change), reply })).rejects.toThrow('dies before')
  expect(await count()).toEqual([0, 0, 0, 0, 0, 0])
  parts.jobs.enqueue = enqueue
  await operations.start(plan, { ...call(plan.change), reply })
  expect(await count()).toEqual([1, 1, 1, 1, 1, 1])
})

test('a handler that throws is called again', async () => {
  const { store, jobs } = await workshop()
  const seen: string[] = []
  await jobs.work('operations', async (id) => {
    seen.push(id)
    if (seen.filter((each) => each === id).length === 1) throw new Error('once more')
  })
  for (const id of ['a', 'b', 'c']) await store.db.transaction().execute((tx) => jobs.enqueue(tx, 'operations', id))
  await vi.waitFor(() => expect([...seen].sort()).toEqual(['a', 'a', 'b', 'b', 'c', 'c']), { timeout: 15_000, interval: 50 })
})
