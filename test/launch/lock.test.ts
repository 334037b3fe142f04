import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { claimDataFolder } from '#src/launch/data-folder.ts'
import { startOf } from '#src/launch/living-process.ts'
import { takeLock } from '#src/launch/lock.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A living process that is not this one. */
async function stranger(): Promise<{ pid: number; kill(): Promise<void> }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await once(child, 'spawn')
  const ended = once(child, 'exit')
  return {
    pid: child.pid!,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

test('a lock is held as long as its holder lives, and taken over when that was killed', async () => {
  const path = join(await temporaryFolder(), 'lock')
  const holder = await stranger()
  await writeFile(path, `${holder.pid} ${startOf(holder.pid)}`)
  expect(await takeLock(path)).toBeUndefined()
  await holder.kill()
  const lock = await takeLock(path)
  expect(lock?.stale).toBe(true)
  expect(await readFile(path, 'utf8')).toContain(`${process.pid} `)
  await lock?.release()
  await expect(access(path)).rejects.toThrow('ENOENT')
})

test('a later process with the id of a dead holder does not hold its lock', async () => {
  const path = join(await temporaryFolder(), 'lock')
  const other = await stranger()
  await writeFile(path, `${other.pid} 1`)
  expect((await takeLock(path))?.stale).toBe(true)
  await other.kill()
})

test('a lock file that was cut short is taken over', async () => {
  const path = join(await temporaryFolder(), 'lock')
  await writeFile(path, '')
  expect((await takeLock(path))?.stale).toBe(true)
})

test('a second playground beside the first gets a data folder of its own; a second bot is refused', async () => {
  const base = await temporaryFolder()
  const holder = await stranger()
  for (const kind of ['playground', 'bot'] as const) {
    const first = await claimDataFolder(base, kind)
    await first.lock.release()
    await writeFile(join(first.path, 'lock'), `${holder.pid} ${startOf(holder.pid)}`)
  }
  const second = await claimDataFolder(base, 'playground')
  expect(second.path).toBe(join(base, 'playground-2'))
  await expect(claimDataFolder(base, 'bot')).rejects.toThrow('another start of this bot')
  await holder.kill()
})
