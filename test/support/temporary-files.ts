import { chmod, mkdtemp, readFile, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const memory = '/dev/shm'
/** Five times what a run was seen to hold there, with three workers. Memory that is free has to be four times that. */
const room = 1024 ** 3

/**
 * Gives the run a temporary folder of its own (TMPDIR, for every process of it), in memory where there is plenty. A database is hundreds of
 * files, made and removed for nearly every test: on some file systems (ext4 without a journal) each new one costs the more
 * the more were removed just now.
 *
 * Ends with the run, whatever tests left in it.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const before = process.env.TMPDIR
  const folder = await mkdtemp(join(before === undefined && (await hasRoom()) ? memory : tmpdir(), 'helix-test-'))
  await chmod(folder, 0o1777) // PostgreSQL runs as a user of its own.
  process.env.TMPDIR = folder
  return async () => {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Programs must be able to run there too: where its user may not enter the clone, PostgreSQL is copied. */
async function hasRoom(): Promise<boolean> {
  const mounts = await readFile('/proc/mounts', 'utf8').catch(() => '') // Only Linux has it.
  const [, , kind, options = ''] =
    mounts
      .split('\n')
      .map((line) => line.split(' '))
      .find(([, where]) => where === memory) ?? []
  if (kind !== 'tmpfs' || /\b(noexec|ro)\b/.test(options)) return false
  const { bavail, bsize } = await statfs(memory)
  return bavail * bsize >= room && process.availableMemory() >= 4 * room
}
