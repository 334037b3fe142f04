import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdir } from 'node:fs/promises'
import { type Clock, systemClock } from '#src/kernel/clock.ts'
import { keepTogether } from './data-elsewhere.ts'
import { freePort } from './free-port.ts'
import { addDatabases, helix, openCluster, syncCluster } from './postgres-cluster.ts'
import { portWasTaken, predecessorIsEnding, startFailure } from './postgres-failure.ts'
import { installedServer, reachableFolder, readableServer } from './postgres-files.ts'
import { endLeftover } from './postgres-leftover.ts'
import type { Ending, Server } from './run.ts'
import { type ServerUser, serverUser } from './server-user.ts'

/** Small: one team's bot, on a laptop as well. https://www.postgresql.org/docs/18/runtime-config-resource.html */
const defaults: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '24MB',
  max_connections: '150',
  max_wal_size: '256MB',
  io_method: 'sync',
  jit: 'off',
}

const attempts = 50

export interface PostgresOptions {
  /** Holds the data (and the server's files where they had to be copied); must be locked by the caller. */
  readonly folder: string
  /** The port to be had again, after a restart; left out, any free one. */
  readonly port?: number
  readonly settings?: Readonly<Record<string, string>>
  /** Databases to have beside `helix`. */
  readonly databases?: readonly string[]
  /** Told about what was found and repaired. */
  readonly say?: (sentence: string) => void
  readonly clock?: Clock
  readonly installed?: string
  readonly user?: ServerUser | undefined
  readonly elsewhere?: string
}

export interface PostgresServer extends Server {
  /** Where its data is: the folder, or one elsewhere where its user may not enter that. */
  readonly home: string
}

/** Runs the PostgreSQL that npm installed, on loopback, and resolves when it answers. Throws ConfigError with a sentence for a person. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { folder, clock = systemClock(), say = () => {}, user = serverUser(), settings, databases = [] } = options
  const home = await reachableFolder(folder, user, options.elsewhere)
  await mkdir(home, { recursive: true })
  if (home !== folder) await keepTogether({ folder, home, clock, say })
  if (user) await chown(home, user.uid, user.gid)
  const server = await readableServer(options.installed ?? installedServer(), home, user)
  const cluster = await openCluster(server, home, user, databases)
  const leftover = await endLeftover(cluster.data, clock)
  if (leftover === 'server') say('A PostgreSQL that an earlier start left running was stopped.')
  await addDatabases(server, cluster.data, user, databases)
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort())
    const started = await runServer(`${server}/bin/postgres`, cluster.data, { ...defaults, ...settings, port: `${port}` }, user)
    if (typeof started !== 'string') {
      const url = `postgres://${helix}:${cluster.password}@127.0.0.1:${port}/${helix}`
      if (!cluster.isNew || settings?.fsync === 'off') return { ...started, url, home }
      const syncing = new AbortController()
      syncCluster(server, cluster.data, user, syncing.signal).catch((error: Error) => {
        if (!syncing.signal.aborted) say(error.message)
      })
      const stop = () => {
        syncing.abort()
        return started.stop()
      }
      return { ...started, url, home, stop }
    }
    if (attempt === attempts || !(portWasTaken(started) || predecessorIsEnding(started))) throw startFailure(started)
    await clock.sleep(100)
  }
}

/** The running server as soon as it takes connections, or what it said where it ended before. */
async function runServer(program: string, data: string, settings: Readonly<Record<string, string>>, user: ServerUser | undefined) {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  // A session of its own: Ctrl-C in the terminal must not reach it before those who use it have ended.
  const child = spawn(program, ['-D', data, ...flags], { cwd: '/', env: {}, stdio: ['ignore', 'ignore', 'pipe'], detached: true, ...user })
  let said = ''
  const ended: Promise<Ending> = once(child, 'close').then(([code, signal]) => ({ code, signal }))
  const ready = new Promise<true>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000)
      if (said.includes('ready to accept connections')) resolve(true)
    })
  })
  if ((await Promise.race([ready, ended])) !== true) return said
  return { pid: child.pid!, ended, stop: () => stopServer(child, ended), kill: () => void child.kill('SIGQUIT') }
}

async function stopServer(child: ChildProcess, ended: Promise<Ending>): Promise<void> {
  child.kill('SIGINT') // "Fast": whoever is still connected is disconnected.
  const timer = setTimeout(() => child.kill('SIGQUIT'), 5_000)
  await ended
  clearTimeout(timer)
}
