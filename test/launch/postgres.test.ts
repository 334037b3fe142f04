import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { isAlive } from '#src/launch/living-process.ts'
import { type PostgresOptions, startPostgres } from '#src/launch/postgres.ts'
import { startFailure } from '#src/launch/postgres-failure.ts'
import { installedServer } from '#src/launch/postgres-files.ts'
import { temporaryFolder } from './temporary-folder.ts'

const quick = { fsync: 'off' }

async function start(options: PostgresOptions) {
  const server = await startPostgres({ settings: quick, ...options })
  onTestFinished(async () => {
    if (isAlive(server.pid)) await server.stop()
  })
  return server
}

async function query(url: string, text: string) {
  const client = new Client({ connectionString: url })
  client.on('error', () => {}) // The server is killed on purpose while it is connected.
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

test('data survives a stop, and a kill -9 of the server that leaves its pid file', async () => {
  const folder = join(await temporaryFolder(), 'postgres')
  const first = await start({ folder })
  await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS one')
  process.kill(first.pid, 'SIGKILL')
  expect(await first.ended).toMatchObject({ signal: 'SIGKILL' })
  await expect(readFile(join(folder, 'data/postmaster.pid'), 'utf8')).resolves.toContain(`${first.pid}`)
  const second = await start({ folder, port: Number(new URL(first.url).port) })
  expect(second.url).toBe(first.url)
  expect(await query(second.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }])
  await second.stop()
  expect(isAlive(second.pid)).toBe(false)
})

test('a database that only a later start asks for is added, after a crash too', async () => {
  const folder = join(await temporaryFolder(), 'postgres')
  const first = await start({ folder, databases: ['one'] })
  process.kill(first.pid, 'SIGKILL')
  await first.ended
  const second = await start({ folder, databases: ['one', 'two'] })
  const names = await query(second.url, "SELECT datname FROM pg_database WHERE datname IN ('helix', 'one', 'two') ORDER BY datname")
  expect(names).toEqual([{ datname: 'helix' }, { datname: 'one' }, { datname: 'two' }])
})

test('a server that outlived its launcher is stopped and followed by a new one over the same data', async () => {
  const folder = join(await temporaryFolder(), 'postgres')
  const orphan = await start({ folder })
  const said: string[] = []
  const next = await start({ folder, say: (sentence) => said.push(sentence) })
  expect(isAlive(orphan.pid)).toBe(false)
  expect(next.pid).not.toBe(orphan.pid)
  expect(said).toEqual(['A PostgreSQL that an earlier start left running was stopped.'])
})

test('a first start that was cut short is begun anew', async () => {
  const folder = join(await temporaryFolder(), 'postgres')
  await mkdir(join(folder, 'data.unfinished'), { recursive: true })
  await writeFile(join(folder, 'data.unfinished/PG_VERSION'), '18')
  const server = await start({ folder })
  expect(await query(server.url, 'SELECT current_database() AS name')).toEqual([{ name: 'helix' }])
})

test('links that the skipped install script would have made are made at the start', async () => {
  const folder = await temporaryFolder()
  const installed = join(folder, 'package/native')
  await cp(dirname(installedServer()), dirname(installed), { recursive: true, verbatimSymlinks: true })
  for (const { target } of JSON.parse(await readFile(join(installed, 'pg-symlinks.json'), 'utf8'))) await rm(join(installed, '..', target))
  const server = await start({ folder: join(folder, 'postgres'), installed })
  expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

const asRoot = test.runIf(process.getuid?.() === 0)

/** Like root's own home, which the server's user may not enter. */
async function privateHome(): Promise<string> {
  const home = join(await temporaryFolder(), 'home')
  await mkdir(home, { mode: 0o700 })
  return home
}

asRoot(
  'a clone in a private home, started as root: files and data go where the server can reach them, and each names the other',
  async () => {
    const [clone, elsewhere] = [await privateHome(), await temporaryFolder()]
    await cp(dirname(installedServer()), join(clone, 'package'), { recursive: true, verbatimSymlinks: true })
    const folder = join(clone, '.helix/postgres')
    const server = await start({ folder, installed: join(clone, 'package/native'), elsewhere })
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    const [place = ''] = await readdir(elsewhere)
    const home = join(elsewhere, place)
    expect(server.home).toBe(home)
    expect(await readFile(join(home, 'belongs-to'), 'utf8')).toContain(`${folder}\n`)
    expect(await readFile(join(folder, 'kept-at'), 'utf8')).toContain(`${home}\n`)
  },
)

asRoot(
  'data outside of the data folder stays with it, and begins anew where that was removed, even under a server that still runs',
  async () => {
    const [clone, elsewhere] = [await privateHome(), await temporaryFolder()]
    const said: string[] = []
    const options = { folder: join(clone, '.helix/postgres'), elsewhere, say: (sentence: string) => void said.push(sentence) }
    const first = await start(options)
    await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS one')
    await first.stop()
    const second = await start(options)
    expect(await query(second.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }])
    expect(said).toEqual([])
    await rm(join(clone, '.helix'), { recursive: true })
    const third = await start(options)
    expect(isAlive(second.pid)).toBe(false)
    await expect(query(third.url, 'SELECT one FROM kept')).rejects.toThrow('does not exist')
    const before = join(third.home, 'data.before')
    const sentence = `PostgreSQL begins anew, as the data folder did. What it kept for the one before is in ${before}, and may be removed.`
    expect(said).toEqual([sentence])
  },
)

test('a full disk is said in a sentence', () => {
  expect(startFailure('FATAL: could not write to file "pg_wal/xlogtemp.42": No space left on device').message).toContain(
    'the disk that holds the data folder is full',
  )
})

test('its password and its data are for its own user alone', async () => {
  const folder = join(await temporaryFolder(), 'postgres')
  const { url } = await start({ folder })
  const foreign = new URL(url)
  foreign.password = 'guessed'
  await expect(query(foreign.href, 'SELECT 1')).rejects.toThrow('password authentication failed')
})
