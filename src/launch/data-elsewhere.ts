import { randomUUID } from 'node:crypto'
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '#src/kernel/clock.ts'
import { endLeftover } from './postgres-leftover.ts'

export interface Elsewhere {
  /** Below the data folder: nothing is kept there but the mark. */
  readonly folder: string
  /** Where the data is instead. */
  readonly home: string
  readonly clock: Clock
  readonly say: (sentence: string) => void
}

/**
 * Data that is kept outside the data folder shares its fate all the same: each of the two names the other, under one mark. Where the data folder
 * was removed, its successor begins anew; what is left of it is set aside, one generation of it.
 */
export async function keepTogether({ folder, home, clock, say }: Elsewhere): Promise<void> {
  const here = join(folder, 'kept-at')
  const there = join(home, 'belongs-to')
  const [mine, theirs] = await Promise.all([markIn(here), markIn(there)])
  if (mine !== undefined && mine === theirs) return
  // Data without a mark is of a version that made none: it is taken as it is.
  if (theirs !== undefined) await setAside(home, clock, say)
  const mark = randomUUID()
  await mkdir(folder, { recursive: true })
  await writeFile(here, `${home}\n${mark}\n`)
  await writeFile(there, `${folder}\n${mark}\n`) // Last: whoever is cut short before finds no data that it could take for foreign.
}

async function setAside(home: string, clock: Clock, say: (sentence: string) => void): Promise<void> {
  const data = join(home, 'data')
  const before = `${data}.before`
  if (!(await exists(data))) return
  await endLeftover(data, clock)
  await rm(before, { recursive: true, force: true })
  await rename(data, before)
  say(`PostgreSQL begins anew, as the data folder did. What it kept for the one before is in ${before}, and may be removed.`)
}

async function markIn(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return text.split('\n')[1] || undefined
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
