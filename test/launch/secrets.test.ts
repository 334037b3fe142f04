import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { keepSecrets } from '#src/launch/secrets.ts'
import { temporaryFolder } from './temporary-folder.ts'

const names = ['HELIX_SECRET_KEY', 'JWT_SECRET', 'SERVICE_MESH_SECRET', 'ZAPIER_SECRET']

/** A process that waits for the word, so that several begin at the same moment. */
async function process(folder: string) {
  const code = `
    const { keepSecrets } = await import(${JSON.stringify(new URL('../../src/launch/secrets.ts', import.meta.url).href)})
    console.log('ready')
    process.stdin.once('data', async () => {
      console.log(JSON.stringify(await keepSecrets(${JSON.stringify(folder)})))
      process.exit()
    })`
  const child = spawn(globalThis.process.execPath, ['--input-type=module', '-e', code], { stdio: ['pipe', 'pipe', 'inherit'] })
  const output = text(child.stdout)
  await once(child.stdout, 'data')
  return {
    async go() {
      child.stdin.write('go\n')
      return JSON.parse((await output).split('\n').find((line) => line.startsWith('{'))!)
    },
  }
}

test('secrets are made once, readable by their owner alone, and kept', async () => {
  const folder = await temporaryFolder()
  const made = await keepSecrets(folder)
  expect(Object.keys(made)).toEqual(names)
  expect(new Set(Object.values(made)).size).toBe(names.length)
  expect((await stat(join(folder, 'secrets.json'))).mode & 0o077).toBe(0)
  expect(await keepSecrets(folder)).toEqual(made)
  expect(await readdir(folder)).toEqual(['secrets.json'])
})

test('processes that begin at the same moment have the same secrets, and they are the ones that are kept', async () => {
  const folder = await temporaryFolder()
  const processes = await Promise.all([1, 2, 3, 4].map(() => process(folder)))
  const all = await Promise.all(processes.map(({ go }) => go()))
  const kept = JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8'))
  for (const one of all) expect(one).toEqual(kept)
  expect(await readdir(folder)).toEqual(['secrets.json'])
})

test('what an earlier version did not know is added, the same by whoever adds it', async () => {
  const [folder, other] = await Promise.all([temporaryFolder(), temporaryFolder()])
  const before = { HELIX_SECRET_KEY: 'k'.repeat(43), JWT_SECRET: 'j'.repeat(43) }
  await Promise.all([folder, other].map((each) => writeFile(join(each, 'secrets.json'), JSON.stringify(before))))
  const all = await Promise.all([...Array.from({ length: 8 }, () => keepSecrets(folder)), keepSecrets(other)])
  for (const one of all) expect(one).toEqual({ ...all[0], ...before })
  expect(new Set(Object.values(all[0]!)).size).toBe(names.length)
  expect(JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8'))).toEqual(all[0])
})

test('a file that cannot be read is left as it is, and stops the start without being quoted', async () => {
  const folder = await temporaryFolder()
  for (const content of ['{"HELIX_SECRET_KEY": "hunter2"}', 'hunter2', '{}', '']) {
    await writeFile(join(folder, 'secrets.json'), content)
    const keeping = keepSecrets(folder)
    await expect(keeping).rejects.toThrow('cannot be read')
    await expect(keeping).rejects.not.toThrow('hunter2')
    expect(await readFile(join(folder, 'secrets.json'), 'utf8')).toBe(content)
  }
})
