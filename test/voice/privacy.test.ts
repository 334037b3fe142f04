import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { opusPacketsOf } from '#src/speech/ogg-reader.ts'
import { withoutSecrets } from '#src/voice/without-secrets.ts'
import { withServices } from '#test/doors/voice-stage.ts'
import { watchForSound } from '#test/support/watch-for-sound.ts'

const clip = readFileSync(new URL('../../services/voice-processor/test-clip.ogg', import.meta.url))

test('the store has no place for sound: no column of any table holds bytes', async () => {
  const stage = await withServices()
  const { rows } = await sql`SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND data_type = 'bytea'`.execute(stage.store.db)
  expect(rows).toEqual([])
})

test('whatever form sound has in a file, it is found', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'helix-sound-'))
  const watch = await watchForSound(folder, clip)
  const [packet] = (opusPacketsOf(clip) ?? []).filter(({ length }) => length > 30)
  await writeFile(join(folder, 'bare'), Buffer.concat([Buffer.from('x'), packet!]))
  await writeFile(join(folder, 'hex'), Buffer.from(packet!).toString('hex'))
  await writeFile(join(folder, 'base64'), Buffer.from(packet!).toString('base64'))
  await writeFile(join(folder, 'ogg'), clip)
  await writeFile(join(folder, 'words'), 'helix deploy the voice processor')
  expect((await watch.found()).map((file) => file.split('/').at(-1)).sort()).toEqual(['bare', 'base64', 'hex', 'ogg'])
  watch.close()
  await rm(folder, { recursive: true })
})

test.each([
  ['the password is hunter two', 'the password is ••••'],
  ['my api key equals a b c d', 'my api key equals ••••'],
  ['use ghp_abcdefghijklmnopqrstuvwxyz0123', 'use ••••'],
  ['restart the token service in staging', 'restart the token service in staging'],
  ['what is the secret of the voice processor', 'what is the secret of the voice processor'],
])('%s', (said, kept) => expect(withoutSecrets(said)).toBe(kept))
