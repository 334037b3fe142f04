import { createLoadUser, type LoadUser } from './load-user.ts'
import { median } from './median.ts'
import type { Figure } from './run.ts'
import { simulatedServices } from './simulated-services.ts'
import { startWorkbench } from './workbench.ts'

const PER_SECOND = 50
const CALLS = 500
const WARM_UP = 100
const ROUNDS = 5

/** From the interaction's dispatch to its acknowledgement, as the emulated Discord sees it, at 50 a second: Helix beside a bot that only defers. */
export default async function ackLatency(): Promise<readonly Figure[]> {
  const bench = await startWorkbench({ seed: simulatedServices(4), limits: { perHour: 100_000 } })
  try {
    const rounds: { helix: Quantiles; bare: Quantiles }[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const helix = await measured(bench.url, () => bench.bot())
      const bare = await measured(bench.url, () => bench.bareBot())
      rounds.push({ helix, bare })
    }
    const figure = (name: string, of: keyof Quantiles): Figure => ({
      name,
      value: median(rounds.map(({ helix }) => helix[of])),
      baseline: median(rounds.map(({ bare }) => bare[of])),
      unit: `ms, medians of ${ROUNDS} alternating runs of ${CALLS} calls`,
    })
    return [figure('ack_p50', 'p50'), figure('ack_p99', 'p99')]
  } finally {
    await bench.stop()
  }
}

interface Quantiles {
  readonly p50: number
  readonly p99: number
}

async function measured(url: string, start: () => Promise<{ stop(): Promise<void> }>): Promise<Quantiles> {
  const bot = await start()
  const user = await createLoadUser(url, 'playground-viewer')
  try {
    await load(user, WARM_UP)
    const times = (await load(user, CALLS)).sort((a, b) => a - b)
    return { p50: times[Math.floor(times.length * 0.5)]!, p99: times[Math.floor(times.length * 0.99)]! }
  } finally {
    user.close()
    await bot.stop()
  }
}

/** Evenly spaced calls, whatever the answers take (an open loop: a slow bot does not slow the load down). */
async function load(user: LoadUser, calls: number): Promise<number[]> {
  const begin = performance.now()
  return Promise.all(
    Array.from({ length: calls }, async (_, index) => {
      const due = begin + (index * 1_000) / PER_SECOND
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())))
      return user.acknowledged('services')
    }),
  )
}
