import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startPlayground } from '../test/support/playground.ts'
import { commandLine, processTree, pssMegabytes, rssMegabytes } from './processes.ts'
import type { Figure } from './run.ts'

const LIMITS = { firstS: 8, laterS: 4, botMb: 220, playgroundMb: 1_500 } as const
const IDLE_MS = 20_000

/** `npm start` on an installed machine: to the ready line, and what is in memory when nothing is asked of it. */
export default async function startup(): Promise<readonly Figure[]> {
  const data = await mkdtemp(join(tmpdir(), 'helix-bench-'))
  await chmod(data, 0o755)
  try {
    const first = await timed(data)
    await first.playground.stop()
    const laters: number[] = []
    for (let round = 0; round < 3; round += 1) {
      const { playground, seconds } = await timed(data)
      laters.push(seconds)
      await playground.stop()
    }
    const memory = await idleMemory(data)
    return [
      { name: 'start_first', value: first.seconds, baseline: LIMITS.firstS, unit: 's, limit' },
      { name: 'start_later', value: laters.sort((a, b) => a - b)[1]!, baseline: LIMITS.laterS, unit: 's, median of 3, limit' },
      { name: 'bot_idle_rss', value: memory.bot, baseline: LIMITS.botMb, unit: 'MB, limit' },
      { name: 'playground_pss', value: memory.all, baseline: LIMITS.playgroundMb, unit: 'MB, limit' },
    ]
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}

async function timed(data: string) {
  const started = performance.now()
  const playground = await startPlayground({ data })
  return { playground, seconds: (performance.now() - started) / 1_000 }
}

async function idleMemory(data: string) {
  const { playground } = await timed(data)
  await sleep(IDLE_MS)
  const pids = processTree(playground.launcher.pid!)
  const bot = pids.find((pid) => commandLine(pid).includes('src/bot.ts'))
  if (bot === undefined) throw new Error('the bot is not among the processes of the playground')
  const memory = { bot: rssMegabytes(bot), all: pssMegabytes(pids) }
  await playground.stop()
  return memory
}
