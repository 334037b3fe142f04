import type { RailwayAccess } from '#src/adapters/railway/railway.ts'
import type { Store } from '#src/adapters/store/store.ts'
import { type Consciousness, freshMs } from '#src/consciousness/consciousness.ts'
import type { Posts } from '#src/delivery/posts.ts'
import type { Incidents } from '#src/incidents/incidents.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Signals } from '#src/signals/signals.ts'
import type { Streams } from '#src/streams/streams.ts'
import type { Alerts } from './alerts.ts'
import { createReadBlindSpots } from './blind-spots.ts'
import { createHear } from './hear.ts'
import { createHeartbeat } from './heartbeat.ts'
import { createLooking } from './looking.ts'
import { createOwnRules } from './own-rules.ts'
import type { Handshake } from './readings/handshake.ts'
import { createReaders } from './readings/readers.ts'
import { createReadingRows } from './readings/readings.ts'
import { createRounds } from './rounds.ts'
import { createRuleRows } from './rule-rows.ts'
import { createRulesFile } from './rules-file.ts'
import { createTakeSignals } from './take-signals.ts'
import { createTesting } from './testing.ts'

export interface AlertsParts {
  readonly store: Pick<Store, 'db'>
  readonly incidents: Pick<Incidents, 'report' | 'over' | 'openOf'>
  readonly signals: Pick<Signals, 'newest' | 'cadence'>
  readonly consciousness: Pick<Consciousness, 'now'>
  readonly streams: Pick<Streams, 'read' | 'bridge'>
  readonly posts: Pick<Posts, 'refused'>
  readonly access: RailwayAccess
  readonly handshake: Handshake
  readonly checkRedis: () => Promise<void>
  /** The environments that are watched. */
  readonly watched: () => readonly Place[]
  /** The one that messages belong to, as they name none; undefined while no server is served. */
  readonly home: () => Place | undefined
  /** Whether it is this process that decides. */
  readonly decides: () => boolean
  /** Rules as code. */
  readonly path: string
  /** Whom to tell that Helix watches. */
  readonly heartbeatUrl?: string | undefined
  readonly clock: Clock
  readonly log: Log
}

export interface RunningAlerts extends Alerts {
  /** Knows the rules of the file by the time that it resolves. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** Rules, what they read, and what becomes of it. */
export function createAlerts(parts: AlertsParts): RunningAlerts {
  const { store, incidents, signals, consciousness, path, heartbeatUrl, clock, log } = parts
  const rulesFile = createRulesFile({ path, store, clock, log })
  const rows = createRuleRows({ store, file: rulesFile.current, clock })
  const rounds = createRounds({ store, incidents, log })
  const blindSpots = createReadBlindSpots(parts)
  const fresh = (place: Place, now: number) => {
    const reading = consciousness.now(place)
    return reading && now - reading.at.getTime() <= freshMs ? reading : undefined
  }
  const readings = createReadingRows({ store })
  const readers = createReaders({ ...parts, rows, readings })
  const looking = createLooking({ ...parts, rows, rounds, readings, blindSpots, fresh })
  const heartbeat = heartbeatUrl === undefined ? undefined : createHeartbeat({ url: heartbeatUrl, beats: looking.isWell, clock, log })
  const file = () => ({ path: rulesFile.path, rules: rulesFile.current()?.rules.length, fault: rulesFile.fault() })
  return {
    ...createOwnRules({ rows, rounds, file, path }),
    ...createTesting({ rows, rounds, incidents, signals, blindSpots, fresh, home: parts.home, readers, clock }),
    take: createTakeSignals({ rows, rounds, signals }),
    hear: createHear({ rows, readings, signals, clock }),
    file,
    async start() {
      await rulesFile.start()
      readers.start()
      looking.start()
      heartbeat?.start()
    },
    async stop() {
      await heartbeat?.stop()
      await looking.stop()
      await readers.stop()
      await rulesFile.stop()
    },
  }
}
