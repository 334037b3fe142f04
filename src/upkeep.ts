import type { Claims } from './claims/claims.ts'
import type { Delivery } from './delivery/delivery.ts'
import type { Environments } from './environments/environments.ts'
import type { Interactions } from './interactions/interactions.ts'
import type { Clock } from './kernel/clock.ts'
import type { Log } from './kernel/log.ts'
import { repeat } from './kernel/repeat.ts'
import type { Tails } from './logs/tails.ts'
import type { Operations } from './operations/operations.ts'
import type { Places } from './places/places.ts'
import type { References } from './references/references.ts'
import type { Voice } from './voice/voice.ts'

const HEALTH_EVERY_MS = 60_000
/** How often it is looked whether a probe is due again. */
const PROBES_EVERY_MS = 1_000
const PRUNE_EVERY_MS = 3_600_000
const KEEP_CLAIMS_MS = 86_400_000
/** What ended so long ago is forgotten, but for the audit: messages, operations with their steps, tails. */
const KEEP_MS = 30 * 86_400_000

export interface UpkeepParts {
  readonly places: Pick<Places, 'guilds' | 'of'>
  readonly environments: Pick<Environments, 'state'>
  readonly claims: Pick<Claims, 'prune'>
  readonly interactions: Pick<Interactions, 'prune'>
  readonly references: Pick<References, 'prune'>
  readonly delivery: Pick<Delivery, 'prune'>
  readonly operations: Pick<Operations, 'unfinished' | 'prune'>
  readonly tails: Pick<Tails, 'prune'>
  readonly voice: Pick<Voice, 'prune'>
  /** Looks at the services from outside; left out where nobody asks this process how they are. */
  readonly probes?: { round(): Promise<void>; lookAgain(): Promise<void> }
  readonly clock: Clock
  readonly log: Log
}

/** What the bot does by itself, again and again: reads how its places are, forgets what has served. Runs until it is stopped. */
export function startUpkeep(parts: UpkeepParts): { stop(): Promise<void> } {
  const { places, environments, claims, interactions, references, delivery, operations, tails, voice, probes, clock, log } = parts
  const repeated = [
    repeat({ name: 'health cycle', everyMs: HEALTH_EVERY_MS, clock, log, run: cycle }),
    repeat({ name: 'upkeep', everyMs: PRUNE_EVERY_MS, clock, log, run: prune }),
    ...(probes ? [repeat({ name: 'probes', everyMs: PROBES_EVERY_MS, clock, log, run: probes.lookAgain })] : []),
  ]
  /** A probe needs no Railway: it is asked what may be asked by the last reading. */
  async function cycle(): Promise<void> {
    await readPlaces().finally(probes?.round)
  }
  async function readPlaces(): Promise<void> {
    for (const guild of places.guilds()) await environments.state(places.of(guild)!, 0)
  }
  async function prune(): Promise<void> {
    const before = (ms: number) => new Date(clock.now().getTime() - ms)
    await claims.prune(before(KEEP_CLAIMS_MS))
    await interactions.prune(before(KEEP_MS))
    await references.prune(before(0))
    await delivery.prune(before(KEEP_MS), await operations.unfinished())
    await operations.prune(before(KEEP_MS))
    await tails.prune(before(KEEP_MS))
    await voice.prune()
  }
  return { stop: async () => void (await Promise.all(repeated.map((each) => each.stop()))) }
}
