import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { ConfigError } from '#src/kernel/errors.ts'
import { freePort } from './free-port.ts'
import { startNode } from './node-process.ts'
import type { Ending, Server } from './run.ts'

export interface RedisOptions {
  /** Where programs are looked for. */
  readonly path: string | undefined
  /** The port to be had again, after a restart; left out, any free one. */
  readonly port?: number
  readonly password?: string
}

export interface RedisServer extends Server {
  readonly standIn: boolean
}

/** Runs the machine's own redis-server on loopback, in memory only; where there is none, js-redis-server in a process of its own. */
export async function startRedis({ path, port, password = randomBytes(18).toString('base64url') }: RedisOptions): Promise<RedisServer> {
  const chosen = port ?? (await freePort())
  return (await startInstalled(path, chosen, password)) ?? (await startStandIn(path, chosen))
}

async function startInstalled(path: string | undefined, port: number, password: string): Promise<RedisServer | undefined> {
  const child = spawn('redis-server', ['-'], { cwd: '/', env: { PATH: path }, stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  const found = await once(child, 'spawn').then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'EACCES') return false
      throw error
    },
  )
  if (!found) return undefined
  // Its settings by the pipe: a command line, and the password on it, can be read by everybody.
  child.stdin.on('error', () => {}) // It ended before it read them: its exit tells.
  child.stdin.end(`bind 127.0.0.1\nport ${port}\nrequirepass ${password}\nsave ""\nappendonly no\n`)
  const ended: Promise<Ending> = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
  let said = ''
  const ready = new Promise<true>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000)
      if (said.includes('Ready to accept connections')) resolve(true)
    })
  })
  if ((await Promise.race([ready, ended])) !== true) {
    throw new ConfigError([
      `redis-server did not start; set REDIS_URL to use another. It said: ${said.trim().split('\n').slice(-3).join(' | ')}`,
    ])
  }
  const kill = () => void child.kill('SIGKILL')
  const stop = async () => {
    child.kill('SIGTERM')
    const insist = setTimeout(kill, 5_000)
    await ended
    clearTimeout(insist)
  }
  return { url: `redis://:${password}@127.0.0.1:${port}`, pid: child.pid!, ended, stop, kill, standIn: false }
}

async function startStandIn(path: string | undefined, port: number): Promise<RedisServer> {
  const file = new URL('./redis-stand-in.ts', import.meta.url)
  const child = startNode({ file, args: [`${port}`], env: { PATH: path } })
  await child.ready
  return { ...child, url: `redis://127.0.0.1:${port}`, standIn: true }
}
