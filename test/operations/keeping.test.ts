import { expect, test } from 'vitest'
import { stage } from './support/stage.ts'

const inAnHour = () => new Date(Date.now() + 3_600_000)

test('what is over is forgotten after its time, with its steps and its report; the audit stays', async () => {
  const { railway, run, operations, delivery, store } = await stage()
  const { id } = await run({ kind: 'deploy', service: railway.add('api'), commit: undefined })
  const audited = () => store.db.selectFrom('audit').select('id').where('operation', '=', id).execute()
  const before = await audited()
  expect(await operations.prune(new Date(Date.now() - 3_600_000))).toBe(0)
  expect(await operations.prune(inAnHour())).toBe(1)
  expect(await delivery.prune(inAnHour(), await operations.unfinished())).toBe(1)
  for (const table of ['operations', 'operation_steps', 'living', 'messages'] as const) {
    expect(await store.db.selectFrom(table).selectAll().execute(), table).toEqual([])
  }
  expect(await audited()).toEqual(before)
  expect(await operations.show(id)).toBeUndefined()
})

test('one that is under way or unknown is kept however old it is, and so is what its message shows', async () => {
  const { railway, run, start, operations, delivery, store } = await stage()
  const queued = await start({ kind: 'restart', service: railway.add('web') })
  const unknown = await run({ kind: 'deploy', service: railway.add('api'), commit: undefined })
  await store.db.updateTable('operations').set({ status: 'unknown' }).where('id', '=', unknown.id).execute()
  expect(await operations.prune(inAnHour())).toBe(0)
  expect([...(await operations.unfinished())].sort()).toEqual([queued, unknown.id].sort())
  expect(await delivery.prune(inAnHour(), await operations.unfinished())).toBe(0)
  const report = await operations.settle(unknown.id, 'happened', { kind: 'member', id: '1', name: 'Ada' })
  expect(report.tone).toBe('good')
  expect(await operations.prune(inAnHour())).toBe(1)
})
