import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Server {
  readonly child: ChildProcess
  readonly url: string
}

const root = fileURLToPath(new URL('..', import.meta.url))

/** A program that listens on a port of its own choice: a service says which in its log, a baseline with a message. */
export async function startServer(file: string, env: NodeJS.ProcessEnv, args: readonly string[] = []): Promise<Server> {
  const child = spawn(process.execPath, [file, ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  let said = ''
  const logged = new Promise<number>((resolve) => {
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < 10_000) said += text
      const port = /"port":(\d+).*"msg":"ready"/.exec(said)?.[1]
      if (port !== undefined) resolve(Number(port))
    })
  })
  const sent = once(child, 'message').then(([{ port }]) => port as number)
  const ending = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${file} ended with ${code}: ${said}`)))
  ending.catch(() => undefined) // Once it is up, its end is the caller's.
  return { child, url: `http://127.0.0.1:${await Promise.race([logged, sent, ending])}` }
}

/** Asks it to end, and waits until it has. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
}
