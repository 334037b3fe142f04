import { expect, test } from 'vitest'
import { createWriteBehind } from '#src/interactions/write-behind.ts'
import { quietLog } from '#test/support/quiet-log.ts'

test('what comes while a write is under way goes out together, and what is too much is dropped and counted', async () => {
  const first = Promise.withResolvers<void>()
  const written: (readonly number[])[] = []
  const log = quietLog()
  const rows = createWriteBehind<number>({
    log,
    capacity: 4,
    batch: 3,
    write: async (batch) => {
      written.push(batch)
      if (written.length === 1) await first.promise
    },
  })
  for (const each of [1, 2, 3, 4, 5, 6]) rows.add(each)
  first.resolve()
  await rows.idle()
  expect(written).toEqual([[1], [2, 3, 4], [5]])
  expect(log.lines).toMatchObject([{ level: 'warn', fields: { dropped: 1 } }])
  await rows.idle()
})
