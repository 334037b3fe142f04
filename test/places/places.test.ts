import { afterEach, beforeEach, expect, test } from 'vitest'
import { createStore } from '#src/adapters/store/create-store.ts'
import type { Store } from '#src/adapters/store/store.ts'
import { UserError } from '#src/kernel/errors.ts'
import { createPlaces } from '#src/places/create-places.ts'
import { createSeal } from '#src/secrets/seal.ts'
import { createTestDatabase } from '../support/postgres.ts'
import { quietLog } from '../support/quiet-log.ts'

const seal = createSeal('a secret of at least thirty-two characters')
const otherSeal = createSeal('another secret of at least thirty-two characters')
const token = { kind: 'account', value: 'railway-token' } as const
const at = (guild: string) => ({ guild, project: 'p', environment: 'e' })
let database: Awaited<ReturnType<typeof createTestDatabase>>
let store: Store

beforeEach(async () => {
  database = await createTestDatabase()
  store = createStore({ url: database.url, poolSize: 4, log: quietLog() })
})
afterEach(async () => {
  await store.close()
  await database.drop()
})

test('a token is kept sealed, and comes back after a restart', async () => {
  await (await createPlaces({ store, seal, log: quietLog(), only: undefined })).serve(at('g1'), token)
  const [row] = await store.db.selectFrom('places').selectAll().execute()
  expect(row!.token).not.toContain(token.value)
  expect(await (await createPlaces({ store, seal, log: quietLog(), only: undefined })).token(at('g1'))).toEqual(token)
})
test('under another key a kept token counts as none: it is said once without its content, and whoever asks is told what to do', async () => {
  await (await createPlaces({ store, seal, log: quietLog(), only: undefined })).serve(at('g1'), token)
  const log = quietLog()
  const places = await createPlaces({ store, seal: otherSeal, log, only: undefined })
  await expect(places.token(at('g1'))).rejects.toThrow(/cannot be opened with this HELIX_SECRET_KEY, so nothing was done\. An admin sets/)
  await expect(places.token(at('g1'))).rejects.toBeInstanceOf(UserError)
  expect(places.of('g1')).toEqual(at('g1'))
  expect(log.lines.map(({ level, fields }) => ({ level, fields }))).toEqual([{ level: 'warn', fields: { guild: 'g1', project: 'p' } }])
})
test('under another key a token that the variables name is kept anew, and serves from then on', async () => {
  await (await createPlaces({ store, seal, log: quietLog(), only: 'g1' })).serve(at('g1'), token)
  const places = await createPlaces({ store, seal: otherSeal, log: quietLog(), only: 'g1' })
  await places.serve(at('g1'), token)
  expect(await places.token(at('g1'))).toEqual(token)
  const log = quietLog()
  expect(await (await createPlaces({ store, seal: otherSeal, log, only: 'g1' })).token(at('g1'))).toEqual(token)
  expect(log.lines).toEqual([])
})
test('a server that was served once is not served any more when the variables name another', async () => {
  await (await createPlaces({ store, seal, log: quietLog(), only: 'g1' })).serve(at('g1'), token)
  const places = await createPlaces({ store, seal, log: quietLog(), only: 'g2' })
  await places.serve(at('g2'), token)
  expect(places.of('g1')).toBeUndefined()
  await expect(places.token(at('g1'))).rejects.toThrow('no Railway token')
  expect(places.guilds()).toEqual(['g2'])
})
test('a worker that started before the gateway served a server finds its token all the same', async () => {
  const worker = await createPlaces({ store, seal, log: quietLog(), only: undefined })
  await (await createPlaces({ store, seal, log: quietLog(), only: undefined })).serve(at('g1'), token)
  expect(await worker.token(at('g1'))).toEqual(token)
})
test('processes that start at the same moment do not stand in each other’s way', async () => {
  const all = await Promise.all(Array.from({ length: 4 }, () => createPlaces({ store, seal, log: quietLog(), only: 'g1' })))
  await Promise.all(all.map((places) => places.serve(at('g1'), token)))
  expect(await store.db.selectFrom('places').selectAll().execute()).toHaveLength(1)
})
test.each([
  ['production', true],
  ['Prod', true],
  ['production-eu', true],
  ['staging', false],
  ['preproduction', false],
])('%s counts as production: %s', async (name, is) => {
  expect((await createPlaces({ store, seal, log: quietLog(), only: undefined })).isProduction({ id: 'x', name })).toBe(is)
})
