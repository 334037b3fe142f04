import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { loadCommands, loadEvents } from '#src/kernel/load.ts'

const folders: string[] = []
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))))

async function folderWith(files: Readonly<Record<string, string>>): Promise<URL> {
  const folder = await mkdtemp(join(import.meta.dirname, 'loaded-'))
  folders.push(folder)
  for (const [name, code] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), code)
  }
  return pathToFileURL(`${folder}/`)
}

const good = `export default { describe: 'd', role: 'viewer', risk: 'read', doors: ['slash'], answer: 'public', arguments: {}, says: [], needs: [], run() {} }`
const goodEvent = `export default { on: 'x.y', schema: { safeParse() {} }, needs: [], run() {}, onGaveUp() {} }`

describe('commands/', () => {
  test('a file’s path is its command’s name', async () => {
    const book = await loadCommands(await folderWith({ 'scale.ts': good, 'env/set.ts': good }))
    expect([...book.keys()].sort()).toEqual(['env.set', 'scale'])
  })
  test('of the project load', async () => {
    const book = await loadCommands(new URL('../../commands/', import.meta.url))
    expect([...book.keys()]).toEqual(expect.arrayContaining(['deploy', 'rollback', 'scale', 'status', 'operation.settle']))
  })
  test.each([
    ['a file without an export', { 'a.ts': 'export const x = 1' }, 'must export default'],
    ['no description', { 'a.ts': good.replace(`'d'`, `''`) }, 'describe'],
    ['a description over 100 characters', { 'a.ts': good.replace(`'d'`, `'${'d'.repeat(101)}'`) }, 'describe'],
    ['an unknown role', { 'a.ts': good.replace(`'viewer'`, `'king'`) }, 'role'],
    ['an unknown risk', { 'a.ts': good.replace(`'read'`, `'none'`) }, 'risk'],
    ['an unknown door', { 'a.ts': good.replace(`['slash']`, `['window']`) }, 'doors'],
    ['no door at all', { 'a.ts': good.replace(`['slash']`, `[]`) }, 'doors'],
    ['an unknown answer', { 'a.ts': good.replace(`'public'`, `'loud'`) }, 'answer'],
    [
      'a saying that names no argument',
      { 'a.ts': good.replace('says: []', `says: ['deploy {x}']`) },
      'a.ts: the saying “deploy {x}” names {x}',
    ],
    ['a door voice and nothing to say', { 'a.ts': good.replace(`['slash']`, `['voice']`) }, 'has the door voice'],
    ['an argument that is none', { 'a.ts': good.replace('arguments: {}', 'arguments: { service: 3 }') }, 'argument service'],
    ['neither run nor change', { 'a.ts': good.replace('run() {}', '') }, 'either run or change'],
    ['both run and change', { 'a.ts': good.replace('run() {}', 'run() {}, change() {}') }, 'either run or change'],
    ['a change that claims to be a read', { 'a.ts': good.replace('run() {}', 'change() {}') }, 'risk read'],
    ['a file that is not TypeScript', { 'notes.md': 'hello' }, 'only files named'],
    ['a name with capitals', { 'Deploy.ts': good }, 'only files named'],
    ['a file that does not parse', { 'a.ts': 'export default {' }, ''],
  ])('%s stops the start', async (_, files, why) => {
    await expect(loadCommands(await folderWith(files))).rejects.toThrow(why)
  })
})

describe('events/', () => {
  test('load', async () => expect(await loadEvents(await folderWith({ 'a.ts': goodEvent }))).toHaveLength(1))
  test('of the project load', async () => {
    expect((await loadEvents(new URL('../../events/', import.meta.url))).map(({ on }) => on)).toContain('discord.interaction')
  })
  test.each([
    ['a file without an export', { 'a.ts': 'export const x = 1' }, 'must export default'],
    ['no name', { 'a.ts': goodEvent.replace(`'x.y'`, `''`) }, 'on must'],
    ['no schema', { 'a.ts': goodEvent.replace('{ safeParse() {} }', '{}') }, 'schema'],
    ['no run', { 'a.ts': goodEvent.replace('run() {}, ', '') }, 'run and onGaveUp'],
    ['nothing owed when it gave up', { 'a.ts': goodEvent.replace(', onGaveUp() {}', '') }, 'run and onGaveUp'],
    ['no needs', { 'a.ts': goodEvent.replace('needs: [], ', '') }, 'needs'],
  ])('%s stops the start', async (_, files, why) => {
    await expect(loadEvents(await folderWith(files))).rejects.toThrow(why)
  })
})
