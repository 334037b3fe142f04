import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { isReady } from './messages.ts'
import { EndedEarly, type Ending, type Run } from './run.ts'

const leash = new URL('./leash.ts', import.meta.url)

export interface NodeProcessOptions {
  readonly file: URL
  readonly args?: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** File descriptor that takes its standard output; left out, the parent's own. */
  readonly output?: number
  readonly onMessage?: (message: unknown) => void
  /** Between asking and insisting. */
  readonly graceMs?: number
}

export interface NodeProcess extends Run {
  readonly ready: Promise<void>
  /** To its `process.on('message')`; dropped where it has ended. */
  send(message: object): void
}

/** Starts a TypeScript file as a process of its own, which says when it is ready by `process.send({ready: true})` and ends with its parent. */
export function startNode({ file, args = [], env, output, onMessage, graceMs = 10_000 }: NodeProcessOptions): NodeProcess {
  // As in the Dockerfile: the room for the youngest objects, in MB, which V8 otherwise makes by the size of the machine.
  const flags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=16', `--import=${leash.href}`]
  // A session of its own: Ctrl-C in the terminal reaches the launcher alone, which ends things in their order.
  const child = spawn(process.execPath, [...flags, fileURLToPath(file), ...args], {
    env,
    stdio: ['ignore', output ?? 'inherit', 'inherit', 'ipc'],
    detached: true,
  })
  const ended: Promise<Ending> = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (message) => {
      if (isReady(message)) resolve()
      onMessage?.(message)
    })
    ended.then((ending) => reject(new EndedEarly(ending)), reject)
  })
  ready.catch(() => {}) // Whoever awaits it is told; nobody has to.
  return {
    pid: child.pid!,
    ready,
    ended,
    send: (message) => {
      if (child.connected) child.send(message, () => {}) // It may end while this is on its way: `ended` tells.
    },
    async stop() {
      child.kill('SIGTERM')
      const insist = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await ended
      clearTimeout(insist)
    },
    kill() {
      child.kill('SIGTERM') // A second request: it ends its own children at once.
      setTimeout(() => child.kill('SIGKILL'), 300)
    },
  }
}
