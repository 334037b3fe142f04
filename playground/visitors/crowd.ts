import { Agent, request } from 'node:http'
import { steadily } from '#playground/steadily.ts'
import type { Clock } from '#src/kernel/clock.ts'

export interface CrowdSettings {
  /** The service's public address. */
  readonly url: string
  readonly perSecond: number
  /** Whether they keep their connections, as browsers do, or make one for each request. */
  readonly keepAlive: boolean
  /** Asked in turn. */
  readonly paths: readonly string[]
}

/** What became of it: of all, and of the newest answers. */
export interface CrowdFigures {
  readonly sent: number
  readonly waiting: number
  /** Stayed away because too many were waiting. */
  readonly stayedAway: number
  /** Of the newest: answers of 500 and above, or none at all; 0–1. */
  readonly failing: number
  /** Milliseconds, the median of the newest; undefined before there are any. */
  readonly medianMs: number | undefined
}

export interface Crowd {
  figures(): CrowdFigures
  /** Nobody comes any more; who waits for an answer gets it. */
  leave(): Promise<void>
  /** At once, whoever waits. */
  close(): Promise<void>
}

const newest = 100
const mostWaiting = 1_000
const patienceMs = 15_000

/** Visitors who come at their own pace, however long the answers take. */
export function createCrowd({ url, perSecond, keepAlive, paths }: CrowdSettings, clock: Clock): Crowd {
  const agent = new Agent({ keepAlive, maxFreeSockets: 64 })
  const results: { readonly failed: boolean; readonly ms: number }[] = []
  const visits = new Set<Promise<void>>()
  let [sent, stayedAway] = [0, 0]

  async function visit(path: string): Promise<void> {
    const since = performance.now()
    const failed = await isFailed(new URL(path, url), agent)
    results.push({ failed, ms: performance.now() - since })
    if (results.length > newest) results.shift()
  }

  function come(path: string): void {
    const done = visit(path).finally(() => visits.delete(done))
    visits.add(done)
  }

  const coming = steadily(
    perSecond,
    (count) => {
      for (let each = 0; each < count; each++) {
        if (visits.size >= mostWaiting) stayedAway++
        else come(paths[sent++ % paths.length]!)
      }
    },
    clock,
  )

  return {
    figures: () => ({
      sent,
      waiting: visits.size,
      stayedAway,
      failing: results.length === 0 ? 0 : results.filter(({ failed }) => failed).length / results.length,
      medianMs: results.map(({ ms }) => ms).sort((one, other) => one - other)[results.length >> 1],
    }),
    async leave() {
      await coming.stop()
      await Promise.all(visits)
      agent.destroy()
    },
    async close() {
      await coming.stop()
      agent.destroy() // and with it every connection on which an answer is awaited
      await Promise.all(visits)
    },
  }
}

/** Whether there was no answer, or one that says that the service is at fault. Whatever goes wrong is the visit's result. */
function isFailed(url: URL, agent: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(url, { agent, headers: { 'user-agent': 'Playground visitor' } })
    const impatient = setTimeout(() => asked.destroy(), patienceMs)
    asked.once('close', () => clearTimeout(impatient))
    asked.once('response', (answer) => {
      answer.resume().once('close', () => resolve(!answer.complete || answer.statusCode! >= 500))
    })
    asked.on('error', () => resolve(true))
    asked.end()
  })
}
