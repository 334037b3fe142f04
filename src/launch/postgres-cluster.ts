import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startFailure } from './postgres-failure.ts'
import type { ServerUser } from './server-user.ts'

/** Name of the database and of its owner. */
export const helix = 'helix'

const passwordFile = 'helix.password'

export interface Cluster {
  readonly data: string
  readonly password: string
  readonly isNew: boolean
}

/** Opens PostgreSQL's data below `home`, made at the first start: all of it or, where that was cut short, anew. */
export async function openCluster(
  server: string,
  home: string,
  user: ServerUser | undefined,
  databases: readonly string[],
): Promise<Cluster> {
  const data = join(home, 'data')
  const password = await readFile(join(data, passwordFile), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (password !== undefined) return { data, password, isNew: false }
  return { data, password: await createCluster(server, data, user, databases), isNew: true }
}

/** Makes those databases that an earlier start did not ask for yet. No server may run on the data. */
export async function addDatabases(server: string, data: string, user: ServerUser | undefined, names: readonly string[]): Promise<void> {
  const missing = names.filter((name) => !existsSync(join(data, markOf(name))))
  if (missing.length > 0) await createDatabases(server, data, user, missing)
}

/** Only a running server could tell which databases there are, so a file beside its data does. */
const markOf = (database: string) => `${database}.made`

async function createCluster(server: string, data: string, user: ServerUser | undefined, databases: readonly string[]): Promise<string> {
  const unfinished = `${data}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o700 })
  const password = randomBytes(24).toString('base64url')
  const given = `${unfinished}.password`
  await writeFile(given, password, { mode: 0o600 })
  if (user) for (const path of [unfinished, given]) await chown(path, user.uid, user.gid)
  const settings = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions']
  await run(`${server}/bin/initdb`, ['-D', unfinished, '-U', helix, `--pwfile=${given}`, ...settings], '', user)
  await createDatabases(server, unfinished, user, [helix, ...databases])
  await rename(given, join(unfinished, passwordFile))
  await rename(unfinished, data)
  return password
}

async function createDatabases(server: string, data: string, user: ServerUser | undefined, names: readonly string[]): Promise<void> {
  const statements = names.map((name) => `CREATE DATABASE ${name} STRATEGY file_copy\n`)
  await run(`${server}/bin/postgres`, ['--single', '-F', '-D', data, 'postgres'], statements.join(''), user)
  for (const name of names) await writeFile(join(data, markOf(name)), '')
}

/** Has everything of a new cluster reach the disk; `initdb` itself skipped that, as the first start waits for it. */
export async function syncCluster(server: string, data: string, user: ServerUser | undefined, signal: AbortSignal): Promise<void> {
  await run(`${server}/bin/initdb`, ['-D', data, '--sync-only'], '', user, signal)
}

async function run(
  program: string,
  args: readonly string[],
  input: string,
  user: ServerUser | undefined,
  signal?: AbortSignal,
): Promise<void> {
  const child = spawn(program, args, {
    ...{ cwd: '/', env: {}, stdio: ['pipe', 'pipe', 'pipe'] },
    // A session of its own: Ctrl-C in the terminal reaches the launcher alone.
    detached: true,
    ...user,
    ...(signal && { signal }),
  })
  let said = ''
  for (const output of [child.stdout, child.stderr]) output.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.stdin.on('error', () => {}) // A program that ended before it read: its exit code tells.
  child.stdin.end(input)
  const [code] = await once(child, 'close')
  if (code !== 0) throw startFailure(said)
}
