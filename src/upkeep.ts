import type { Claims } from './claims/claims.ts'
import type { Delivery } from './delivery/delivery.ts'
import type { Interactions } from './interactions/interactions.ts'
import type { Clock } from './kernel/clock.ts'
import type { Log } from './kernel/log.ts'
import { repeat } from './kernel/repeat.ts'
import type { Tails } from './logs/tails.ts'
import type { Operations } from './operations/operations.ts'
import type { Probes } from './probes/probe.ts'
import type { References } from './references/references.ts'
import type { Voice } from './voice/voice.ts'

/** However often health is read: a probe is work for who is probed. */
const LEAST_PROBE_ROUND_MS = 15_000
/** How often it is looked whether a probe is due again. */
const PROBES_EVERY_MS = 1_000
const PRUNE_EVERY_MS = 3_600_000
const KEEP_CLAIMS_MS = 86_400_000
/** What ended so long ago is forgotten, but for the audit: messages, operations with their steps, tails. */
const KEEP_MS = 30 * 86_400_000

export interface UpkeepParts {
  readonly claims: Pick<Claims, 'prune'>
  readonly interactions: Pick<Interactions, 'prune'>
  readonly references: Pick<References, 'prune'>
  readonly delivery: Pick<Delivery, 'prune'>
  readonly operations: Pick<Operations, 'unfinished' | 'prune'>
  readonly tails: Pick<Tails, 'prune'>
  readonly voice: Pick<Voice, 'prune'>
  readonly probes: Pick<Probes, 'lookAgain'>
  readonly watch: { probeRound(): Promise<void>; prune(before: Date): Promise<void>; needed(): Promise<readonly string[]> }
  readonly healthEveryMs: number
  readonly clock: Clock
  readonly log: Log
}

/** What the bot does by itself, again and again: probes, forgets what has served. Runs until it is stopped. The health cycle runs by itself. */
export function startUpkeep(parts: UpkeepParts): { stop(): Promise<void> } {
  const { claims, interactions, references, delivery, operations, tails, voice, probes, watch, clock, log } = parts
  const repeated = [
    repeat({ name: 'probe round', everyMs: Math.max(parts.healthEveryMs, LEAST_PROBE_ROUND_MS), clock, log, run: watch.probeRound }),
    repeat({ name: 'upkeep', everyMs: PRUNE_EVERY_MS, clock, log, run: prune }),
    repeat({ name: 'probes', everyMs: PROBES_EVERY_MS, clock, log, run: probes.lookAgain }),
  ]
  async function prune(): Promise<void> {
    const before = (ms: number) => new Date(clock.now().getTime() - ms)
    await claims.prune(before(KEEP_CLAIMS_MS))
    await interactions.prune(before(KEEP_MS))
    await references.prune(before(0))
    await delivery.prune(before(KEEP_MS), [...(await operations.unfinished()), ...(await watch.needed())])
    await operations.prune(before(KEEP_MS))
    await tails.prune(before(KEEP_MS))
    await voice.prune()
    await watch.prune(before(KEEP_MS))
  }
  return { stop: async () => void (await Promise.all(repeated.map((each) => each.stop()))) }
}
