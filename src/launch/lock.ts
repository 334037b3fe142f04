import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { isAlive, startOf } from './living-process.ts'

export interface Lock {
  /** Whether a process that died without letting go had it before. */
  readonly stale: boolean
  release(): Promise<void>
}

/** Takes a lock file for this process, or answers undefined where a living one holds it. A dead holder's lock is taken over. */
export async function takeLock(path: string): Promise<Lock | undefined> {
  const mine = `${path}.${process.pid}`
  await writeFile(mine, `${process.pid} ${startOf(process.pid) ?? ''}`)
  try {
    for (let stale = false; ; stale = true) {
      if (await linked(mine, path)) return { stale, release: () => rm(path, { force: true }) }
      if (await isHeld(path)) return undefined
      await setAside(path)
    }
  } finally {
    await rm(mine, { force: true })
  }
}

/** A hard link is made by one of several rivals only, and shows the whole content at once. */
async function linked(mine: string, path: string): Promise<boolean> {
  return link(mine, path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false
      throw error
    },
  )
}

async function isHeld(path: string): Promise<boolean> {
  const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const [pid = '', start = ''] = content.split(' ')
  // In a container the same few ids come again: ours in there is a predecessor's.
  if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false
  return start ? startOf(Number(pid)) === start : isAlive(Number(pid))
}

/** A rival may have taken it over since it was read: then it gets its lock back. */
async function setAside(path: string): Promise<void> {
  const aside = `${path}.stale.${process.pid}`
  try {
    await rename(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  if (await isHeld(aside)) await linked(aside, path)
  await rm(aside, { force: true })
}
