import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Emulator } from '#playground/emulator.ts'
import { createSnapshotFile } from '#playground/snapshot-file.ts'
import { temporaryFolder } from '../launch/temporary-folder.ts'

function counting(from: unknown) {
  let change = () => {}
  let count = from === undefined ? 0 : (from as { count: number }).count
  if (!Number.isInteger(count)) throw new Error('no count')
  const emulator: Emulator = {
    name: 'discord',
    routes: () => {},
    upgrade: () => false,
    state: () => ({ count }),
    faults: {},
    snapshot: () => ({ count }),
    onChange(listener) {
      change = listener
    },
    close: async () => {},
  }
  return {
    ...emulator,
    increase() {
      count += 1
      change()
    },
  }
}

test('state survives a restart, and is written whole', async () => {
  const path = join(await temporaryFolder(), 'discord.json')
  const file = createSnapshotFile(path, () => {}, 1)
  const emulator = await file.open(counting)
  emulator.increase()
  emulator.increase()
  await file.flush()
  expect((await createSnapshotFile(path, () => {}).open(counting)).state()).toEqual({ count: 2 })
})

test.each([
  ['that was cut short', '{"count":'],
  ['that the emulator cannot use', '{"count":"three"}'],
])('a snapshot %s is set aside, and said', async (_, content) => {
  const path = join(await temporaryFolder(), 'discord.json')
  await writeFile(path, content)
  const said: string[] = []
  const emulator = await createSnapshotFile(path, (sentence) => said.push(sentence)).open(counting)
  expect(emulator.state()).toEqual({ count: 0 })
  expect(await readFile(`${path}.unreadable`, 'utf8')).toBe(content)
  expect(said).toEqual([expect.stringContaining('It was set aside')])
})
