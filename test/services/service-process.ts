import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { secrets } from '#test/support/service.ts'

/** What webhooks are signed with where a test says nothing else. */
export const zapierSecret = 'what the webhooks of tests are signed with'

export const serviceNames = ['agent-orchestrator', 'voice-processor', 'websocket-streaming', 'zapier-integration'] as const

/** Nobody listens there: a store that is away. */
export const nowhere = { DATABASE_URL: 'postgresql://helix:hunter2@127.0.0.1:1/helix', REDIS_URL: 'redis://:hunter2@127.0.0.1:1' } as const

const root = new URL('../../', import.meta.url)

export interface Output {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>
}

/** A file of the project under the tests' own Node, with these variables and no others. */
export function runFile(file: string, args: readonly string[], variables: Readonly<Record<string, string>>): Output {
  const env = { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...variables }
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, root)), ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const ended = once(child, 'close').then(([code, signal]): number | string => code ?? signal)
  return { child, stdout: () => stdout, stderr: () => stderr, ended }
}

export interface RunningService extends Output {
  readonly url: string
}

/** A service that said `ready`. */
export async function startService(
  name: string,
  variables: Readonly<Record<string, string>>,
  file = `services/${name}/main.ts`,
): Promise<RunningService> {
  const output = runFile(file, [], {
    PORT: '0',
    ...secrets,
    ...(name === 'zapier-integration' && { ZAPIER_SECRET: zapierSecret }),
    ...variables,
  })
  const ready = await Promise.race([
    until(() =>
      output
        .stdout()
        .split('\n')
        .find((line) => line.includes('"msg":"ready"')),
    ),
    output.ended.then((code) => {
      throw new Error(`${name} ended with ${code}: ${output.stderr()}${output.stdout()}`)
    }),
  ])
  return { ...output, url: `http://127.0.0.1:${JSON.parse(ready).port}` }
}

export async function stopService({ child, ended }: Output, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
  child.kill(signal)
  return await ended
}

/** Asks again until there is an answer, for ten seconds at most. */
export async function until<T>(ask: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + 10_000
  while (Date.now() < deadline) {
    const answer = await ask()
    if (answer) return answer
    await pause(20)
  }
  throw new Error('It did not happen within ten seconds')
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No port')
  return address.port
}

export interface RedisProcess {
  readonly url: string
  stop(): Promise<void>
}

/** A Redis in its own process: the one that development uses. */
export async function startRedis(port?: number): Promise<RedisProcess> {
  const chosen = port ?? (await freePort())
  const output = runFile('node_modules/js-redis-server/dist/cli.js', ['--port', String(chosen)], {})
  const socket = await until(() => canConnect(chosen))
  if (!socket) throw new Error(output.stderr())
  return {
    url: `redis://127.0.0.1:${chosen}`,
    async stop() {
      output.child.kill('SIGKILL')
      await output.ended
    },
  }
}

async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
