import { mkdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from '#src/kernel/errors.ts'
import { type Lock, takeLock } from './lock.ts'

/** A playground, the real bot and a service that runs by itself never share data. */
export type Kind = 'playground' | 'bot' | `services/${string}`

export interface DataFolder {
  readonly path: string
  readonly lock: Lock
}

const mostPlaygrounds = 20
const leastFreeBytes = 32 * 1024 * 1024

/** Locks the folder that this start keeps its data in. A second playground beside the first gets one of its own; a second bot is refused, and so is a service's second start. */
export async function claimDataFolder(base: string, kind: Kind): Promise<DataFolder> {
  for (let number = 1; number <= (kind === 'playground' ? mostPlaygrounds : 1); number += 1) {
    const path = join(base, number === 1 ? kind : `${kind}-${number}`)
    await mkdir(path, { recursive: true })
    await refuseFullDisk(path)
    const lock = await takeLock(join(path, 'lock'))
    if (lock) return { path, lock }
  }
  throw new ConfigError([
    kind === 'playground'
      ? `${mostPlaygrounds} playgrounds run already: stop one of them first`
      : `another start of this ${kind === 'bot' ? 'bot' : 'service'} uses ${join(base, kind)}: stop that one first, or set HELIX_DATA to another folder`,
  ])
}

/** A database on a full disk starts, and then fails at whatever is done first. */
async function refuseFullDisk(path: string): Promise<void> {
  const { bavail, bsize } = await statfs(path)
  if (bavail * bsize >= leastFreeBytes) return
  throw new ConfigError([
    `the disk that holds the data folder (${path}) is full: free some space and start again, or set HELIX_DATA to a folder on another disk`,
  ])
}
