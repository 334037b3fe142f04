import type { Kysely } from 'kysely'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { channels } from '#src/streams/channels.ts'
import type { StreamEntry, Streams } from '#src/streams/streams.ts'
import type { Tables } from '../tables.ts'
import { addWork, type NewWork } from '../work/work-queue.ts'
import type { HookName, Hooks } from './hooks.ts'

interface Followed {
  readonly hook: HookName
  /** A reading makes the one before it worthless: of each subject the newest is sent, and not more often than this, in ms. */
  readonly everyMs?: number
}

/** What is sent to which hook of all that services say to each other. What Zapier said itself is never sent back to it. */
const FOLLOWED: Readonly<Record<string, Followed>> = {
  [channels.consciousness]: { hook: 'consciousness-engine', everyMs: 5_000 },
  [channels.consciousnessStream]: { hook: 'consciousness-engine', everyMs: 5_000 },
  [channels.coordinatorStream]: { hook: 'consciousness-engine', everyMs: 5_000 },
  [channels.ucfMetrics]: { hook: 'consciousness-engine', everyMs: 5_000 },
  [channels.serviceHealth]: { hook: 'communications-hub', everyMs: 5_000 },
  [channels.healthStatus]: { hook: 'communications-hub', everyMs: 5_000 },
  [channels.voiceEvents]: { hook: 'communications-hub' },
  [channels.agentEvents]: { hook: 'neural-network' },
  [channels.agentCoordination]: { hook: 'neural-network' },
  [channels.agentTaskEvents]: { hook: 'neural-network' },
  [channels.collectiveIntelligence]: { hook: 'neural-network' },
  [channels.wisdomSynthesis]: { hook: 'neural-network' },
}

/** Entries that may wait for the database; what comes beyond is counted and not sent. */
const MOST_WAITING = 5_000

export interface FollowParts {
  readonly db: Kysely<Tables>
  readonly streams: Streams
  readonly hooks: Hooks
  readonly clock: Clock
  readonly log: Log
  readonly onAdded: () => void
}

export interface Following {
  figures(): { readonly unsent: number }
  stop(): Promise<void>
}

/** Puts what the followed channels say into the outbox, for each hook that has an address. Any number of processes may: each entry is one row. */
export async function followStreams({ db, streams, hooks, clock, log, onAdded }: FollowParts): Promise<Following> {
  const followed = Object.keys(FOLLOWED).filter((channel) => hooks.has(FOLLOWED[channel]!.hook))
  let waiting: NewWork[] = []
  let unsent = 0
  let writing: Promise<void> | undefined

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const lot = [...new Map(waiting.map((work) => [work.key, work])).values()]
      waiting = []
      try {
        await addWork(db, lot, clock.now())
        onAdded()
      } catch (err) {
        unsent += lot.length
        log.warn({ err, entries: lot.length }, 'stream entries could not be noted for the webhooks of Zapier')
      }
    }
    writing = undefined
  }

  function take(entry: StreamEntry): void {
    if (waiting.length >= MOST_WAITING) {
      unsent += 1
      return
    }
    waiting.push(workFor(entry, clock.now()))
    writing ??= write()
  }

  const subscription = followed.length > 0 ? await streams.subscribe(followed, take) : undefined
  return {
    figures: () => ({ unsent }),
    async stop() {
      await subscription?.stop()
      await writing
    },
  }
}

/** What is to be sent of one entry, and when. */
export function workFor({ id, channel, message, text, number }: StreamEntry, now: Date): NewWork {
  const { hook, everyMs } = FOLLOWED[channel]!
  const said = { id: `${channel}:${id}`, type: 'stream', name: channel, source: 'helix', timestamp: timeOf(id, now) }
  // As it was published: read and written again, numbers would lose digits.
  const body = `${JSON.stringify(said).slice(0, -1)},"data":${text}}`
  if (everyMs === undefined) return { key: `${hook}:${channel}:${id}`, lane: hook, body, dueAt: now }
  const subject = String(message.agent_id ?? message.service ?? '').slice(0, 100)
  return { key: `${hook}:${channel}:of:${subject}`, lane: hook, body, version: number, dueAt: new Date(now.getTime() + everyMs) }
}

/** An entry's id begins with Redis' own time in ms. */
function timeOf(id: string, now: Date): string {
  const ms = Number(id.split('-')[0])
  return (Number.isSafeInteger(ms) ? new Date(ms) : now).toISOString()
}
