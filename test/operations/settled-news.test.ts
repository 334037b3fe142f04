import { expect, test } from 'vitest'
import { createStore } from '#src/adapters/store/create-store.ts'
import type { Operation } from '#src/operations/operation.ts'
import { createSettledNews } from '#src/operations/settled-news.ts'
import { createTestDatabase } from '../support/postgres.ts'
import { quietLog } from '../support/quiet-log.ts'

test('every process hears that an operation ended, whoever carried it out', async () => {
  const database = await createTestDatabase()
  const log = quietLog()
  const [gateway, worker] = [1, 2].map(() => createStore({ url: database.url, poolSize: 2, log }))
  const heard = Promise.withResolvers<unknown>()
  const listening = await createSettledNews({ store: gateway!, log }).listen(heard.resolve)
  const place = { guild: 'g', project: 'p', environment: 'e' }
  const operation = {
    ...{ id: 'o', place, environment: { id: 'e', name: 'staging' }, status: 'succeeded', sentence: 'Restart web.' },
    change: { kind: 'restart', service: { id: 's', name: 'web' } },
    actor: { kind: 'member', id: '7', name: 'Ada' },
    verdict: { sentence: '✓'.repeat(5_000), facts: [], lines: [] },
  }
  createSettledNews({ store: worker!, log }).tell(operation as unknown as Operation)
  expect(await heard.promise).toEqual({
    ...{ id: 'o', place, kind: 'restart', service: 'web', serviceId: 's', environment: 'staging', by: 'Ada', status: 'succeeded' },
    sentence: `${'✓'.repeat(999)}…`,
  })
  await listening.stop()
  await Promise.all([gateway!.close(), worker!.close()])
  await database.drop()
})
