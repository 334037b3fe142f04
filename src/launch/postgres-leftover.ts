import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '#src/kernel/clock.ts'
import { commandLineOf, isAlive } from './living-process.ts'

/** PostgreSQL's own words: SIGINT disconnects everyone and stops cleanly, SIGQUIT stops at once and recovers at the next start. */
const ways: readonly { signal: NodeJS.Signals; withinMs: number }[] = [
  { signal: 'SIGINT', withinMs: 5_000 },
  { signal: 'SIGQUIT', withinMs: 3_000 },
  { signal: 'SIGKILL', withinMs: 2_000 },
]

/**
 * Ends what an earlier launcher left behind in `data` (the caller holds the data folder's lock, so nobody else uses it): a server
 * that outlived it, or the `postmaster.pid` of one that was killed, which would keep the next from starting.
 * https://www.postgresql.org/docs/18/server-shutdown.html
 */
export async function endLeftover(data: string, clock: Clock): Promise<'nothing' | 'server' | 'pid file'> {
  const path = join(data, 'postmaster.pid')
  const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (content === undefined) return 'nothing'
  const pid = Number.parseInt(content, 10)
  const wasServing = pid > 0 && isAlive(pid) && commandLineOf(pid).includes(data)
  if (wasServing) await endServer(pid, clock)
  await rm(path, { force: true })
  return wasServing ? 'server' : 'pid file'
}

async function endServer(pid: number, clock: Clock): Promise<void> {
  for (const { signal, withinMs } of ways) {
    if (!isAlive(pid)) return
    process.kill(pid, signal)
    for (let waited = 0; waited < withinMs && isAlive(pid); waited += 10) await clock.sleep(10)
  }
}
