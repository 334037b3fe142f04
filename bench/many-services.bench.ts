import { createDiscordUser } from '../test/support/discord-user.ts'
import type { Figure } from './run.ts'
import { simulatedServices } from './simulated-services.ts'
import { startWorkbench } from './workbench.ts'

const SERVICES = 500
const LIMIT_MS = 1_000
const ROUNDS = 5

/** An environment of 500 services: what `/status` takes until its answer stands, read anew each time, and what a reading costs. */
export default async function manyServicesBench(): Promise<readonly Figure[]> {
  const bench = await startWorkbench({ seed: simulatedServices(SERVICES), limits: { perHour: 100_000 } })
  try {
    const bot = await bench.bot()
    const user = await createDiscordUser({ url: bench.url, token: 'playground-viewer' })
    const times: number[] = []
    const requests: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      // Older than any reading that may be shown again.
      if (round > 0) await new Promise((resolve) => setTimeout(resolve, 11_000))
      const before = bench.railwayRequests()
      const begun = performance.now()
      await user.slash('status')
      times.push(performance.now() - begun)
      requests.push(bench.railwayRequests() - before)
    }
    user.close()
    await bot.stop()
    return [
      { name: 'status_500_services', value: Math.max(...times), baseline: LIMIT_MS, unit: `ms, slowest of ${ROUNDS}, limit` },
      { name: 'requests_a_reading', value: Math.max(...requests), baseline: 1, unit: 'requests, limit' },
    ]
  } finally {
    await bench.stop()
  }
}
