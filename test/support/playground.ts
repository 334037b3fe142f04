import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDiscordUser, type DiscordUser } from './discord-user.ts'

export type Role = 'admin' | 'deployer' | 'operator' | 'viewer' | 'stranger'

/** The whole of Helix, as `npm start` runs it, in a data folder of its own. */
export interface RunningPlayground {
  readonly url: string
  readonly launcher: ChildProcess
  /** Every line it printed so far. */
  readonly lines: readonly string[]
  /** A member at a Discord client; closed with the playground. */
  user(role: Role): Promise<DiscordUser>
  // biome-ignore lint/suspicious/noExplicitAny: the playground's state is JSON for scripts, and a test is one
  state(): Promise<any>
  fault(name: string, body?: object): Promise<unknown>
  /** Ctrl-C, and waits until everything is gone. Answers the exit code. */
  stop(): Promise<number | null>
}

export interface PlaygroundOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Kept at the stop; a temporary one is removed. */
  readonly data?: string
  readonly readyMs?: number
}

/** Resolves when the ready line was printed. */
export async function startPlayground({ env = {}, data, readyMs = 60_000 }: PlaygroundOptions = {}): Promise<RunningPlayground> {
  const folder = data ?? (await mkdtemp(join(tmpdir(), 'helix-scenario-')))
  // PostgreSQL runs as a user of its own, which must be able to enter.
  if (data === undefined) await chmod(folder, 0o755)
  const { DISCORD_BOT_TOKEN: _, DATABASE_URL: __, REDIS_URL: ___, ...inherited } = process.env
  const launcher = spawn(process.execPath, ['src/main.ts'], {
    env: { ...inherited, NODE_ENV: 'development', HELIX_DATA: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  const users: DiscordUser[] = []
  const url = await ready(launcher, lines, readyMs)
  const exited = once(launcher, 'exit') as Promise<[number | null]>
  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${url}${path}`, init)
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }
  return {
    url,
    launcher,
    lines,
    async user(role) {
      const user = await createDiscordUser({ url, token: `playground-${role}` })
      users.push(user)
      return user
    },
    state: () => ask('/playground/state'),
    fault: (name, body = {}) =>
      ask('/playground/faults', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ fault: name, ...body }),
      }),
    async stop() {
      for (const user of users) user.close()
      launcher.kill('SIGINT')
      const [code] = await exited
      if (data === undefined) await rm(folder, { recursive: true, force: true })
      return code
    },
  }
}

function ready(launcher: ChildProcess, lines: string[], readyMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      launcher.kill('SIGINT')
      reject(new Error(`${why}; it printed:\n${lines.join('\n')}`))
    }
    const timer = setTimeout(() => fail(`the playground was not ready within ${readyMs} ms`), readyMs)
    const read = (chunk: Buffer) => {
      lines.push(...chunk.toString().split('\n').filter(Boolean))
      const url = lines.map((line) => /ready.*?(http:\/\/127\.0\.0\.1:\d+)/i.exec(line)?.[1]).find(Boolean)
      if (!url) return
      clearTimeout(timer)
      resolve(url)
    }
    launcher.stdout!.on('data', read)
    launcher.stderr!.on('data', read)
    launcher.on('exit', (code) => {
      clearTimeout(timer)
      fail(`the playground ended with ${code}`)
    })
  })
}
