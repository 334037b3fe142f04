import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { onTestFinished } from 'vitest'
import { isAlive } from '#src/launch/living-process.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { until } from './until.ts'

/** What each of the two programs does, besides writing its life into `events`. */
const trace = `
import { appendFileSync } from 'node:fs'
const note = (what) => appendFileSync(process.env.EVENTS, what + ' ' + process.pid + '\\n')
setInterval(() => {}, 1_000)
`
const bot = `${trace}
note('bot-begins ' + JSON.stringify({ role: process.env.HELIX_ROLE, database: process.env.DATABASE_URL, at: process.env.DISCORD_API_URL, key: process.env.HELIX_SECRET_KEY?.length }))
if (process.env.REFUSE) process.exit(1)
process.on('SIGTERM', () => { note('bot-ends'); if (!process.env.STUBBORN) process.exit(0) })
process.send({ ready: true })
`
const playground = `${trace}
import { createServer } from 'node:http'
process.on('SIGTERM', () => { note('playground-ends'); process.exit(0) })
process.channel.ref()
const stores = process.env.DATABASE_URL ? {} : new Promise((resolve) => process.on('message', ({ stores }) => stores && resolve(stores)))
await stores
const server = createServer().listen(Number(process.env.PLAYGROUND_PORT ?? 0), '127.0.0.1', () => {
  const url = 'http://127.0.0.1:' + server.address().port
  note('playground-opens ' + url)
  process.send({ ready: true, url, bot: { DISCORD_API_URL: url + '/api' } })
  process.send({ healthy: true })
})
`

export interface Launched {
  readonly launcher: ChildProcess
  /** As a terminal does it: to the launcher and to whatever shares its process group. */
  ctrlC(): void
  /** Everything that it printed. */
  output(): string
  /** What its two programs noted: a word, what belongs to it, and a process id. */
  events(word: string): readonly { readonly about: string; readonly pid: number }[]
  says(pattern: RegExp): Promise<RegExpExecArray>
  /** Waits for that many events of the word. */
  sees(word: string, count?: number): Promise<{ readonly about: string; readonly pid: number }>
  exit: Promise<number | null>
}

/** A folder that looks like the clone, with a bot and a playground that do next to nothing. */
export async function fixtureRoot(): Promise<string> {
  const root = await temporaryFolder()
  await mkdir(join(root, 'src'))
  await mkdir(join(root, 'playground'))
  await writeFile(join(root, 'package.json'), '{"type":"module"}')
  await writeFile(join(root, 'src/bot.ts'), bot)
  await writeFile(join(root, 'playground/main.ts'), playground)
  return root
}

/** What the two programs of a root noted so far. */
export function eventsOf(root: string, word: string): readonly { readonly about: string; readonly pid: number }[] {
  const file = join(root, 'events')
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  return lines.flatMap((line) => {
    const [, name, about = '', pid] = /^(\S+) (.*?) ?(\d+)$/.exec(line) ?? []
    return name === word ? [{ about, pid: Number(pid) }] : []
  })
}

/** Starts the launcher as a process. Whatever it leaves is ended after the test. */
export function startLauncher(root: string, env: Readonly<Record<string, string>> = {}): Launched {
  const eventsFile = join(root, 'events')
  const file = fileURLToPath(new URL('./launcher-process.ts', import.meta.url))
  const launcher = spawn(process.execPath, [file, `${pathToFileURL(root)}/`], {
    env: { PATH: process.env.PATH, EVENTS: eventsFile, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let printed = ''
  for (const stream of [launcher.stdout, launcher.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const exit = once(launcher, 'exit').then(([code]) => code as number | null)
  const events = (word: string) => eventsOf(root, word)
  onTestFinished(async () => {
    launcher.kill('SIGKILL')
    for (const { pid } of [...events('bot-begins'), ...events('playground-opens')]) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  })
  return {
    launcher,
    exit,
    ctrlC: () => void process.kill(-launcher.pid!, 'SIGINT'),
    events,
    output: () => printed,
    says: (pattern) =>
      until(
        () => pattern.exec(printed) ?? undefined,
        () => `${pattern} in what the launcher says:\n${printed}`,
      ),
    sees: (word, count = 1) =>
      until(
        () => events(word)[count - 1],
        () => `${count} × ${word}; it said:\n${printed}`,
      ),
  }
}
