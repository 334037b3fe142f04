import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '#src/kernel/clock.ts'
import { keepTogether } from '#src/launch/data-elsewhere.ts'
import { temporaryFolder } from './temporary-folder.ts'

async function apart() {
  const base = await temporaryFolder()
  const [folder, home] = [join(base, '.helix/postgres'), join(base, 'home')]
  await mkdir(home)
  const said: string[] = []
  return {
    ...{ folder, home, said },
    open: () => keepTogether({ folder, home, clock: systemClock(), say: (sentence) => said.push(sentence) }),
    async keep(content: string) {
      await mkdir(join(home, 'data'), { recursive: true })
      await writeFile(join(home, 'data/content'), content)
    },
    kept: (name = 'data') => readFile(join(home, name, 'content'), 'utf8'),
  }
}

test('data stays with its data folder through any number of starts', async () => {
  const { open, keep, kept, said } = await apart()
  await open()
  await keep('mine')
  await open()
  await open()
  expect(await kept()).toBe('mine')
  expect(said).toEqual([])
})

test('one generation of what belonged to a removed data folder is set aside', async () => {
  const { folder, home, open, keep, kept, said } = await apart()
  for (const content of ['first', 'second', 'third']) {
    await open()
    await keep(content)
    await rm(folder, { recursive: true })
  }
  await open()
  expect(await kept('data.before')).toBe('third')
  expect((await readdir(home)).sort()).toEqual(['belongs-to', 'data.before'])
  expect(said).toHaveLength(3)
})

test('a start that was cut short between the two marks costs nothing', async () => {
  const { folder, home, open, keep, kept, said } = await apart()
  await open()
  await rm(join(home, 'belongs-to'))
  await open()
  await keep('mine')
  await open()
  expect(await kept()).toBe('mine')
  await writeFile(join(folder, 'kept-at'), '')
  await open()
  expect(await kept('data.before')).toBe('mine')
  expect(said).toHaveLength(1)
})

test('data of a version that made no mark is taken as it is', async () => {
  const { folder, home, open, keep, kept, said } = await apart()
  await keep('old')
  await writeFile(join(home, 'belongs-to'), `${folder}\n`)
  await open()
  await open()
  expect(await kept()).toBe('old')
  expect(said).toEqual([])
})
