import { channels } from '#src/kernel/channels.ts'
import type { StreamEntry } from '#src/streams/streams.ts'
import type { NewWork } from '../work/work-queue.ts'
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

const LONGEST_SUBJECT = 100

/** The channels of which anything is sent: those whose hook has an address. */
export function followedChannels(hooks: Hooks): readonly string[] {
  return Object.keys(FOLLOWED).filter((channel) => hooks.has(FOLLOWED[channel]!.hook))
}

/** What is to be sent of one entry, and when. */
export function workFor({ id, channel, message, text }: StreamEntry, now: Date): NewWork {
  const { hook, everyMs } = FOLLOWED[channel]!
  const [ms, sequence] = timeOf(id, now)
  const said = { id: `${channel}:${id}`, type: 'stream', name: channel, source: 'helix', timestamp: new Date(ms).toISOString() }
  // As it was published: read and written again, numbers would lose digits.
  const body = `${JSON.stringify(said).slice(0, -1)},"data":${text}}`
  if (everyMs === undefined) return { key: `${hook}:${channel}:${id}`, lane: hook, body, dueAt: now }
  // By its time and not by its number: a Redis that lost its memory counts from 1 again.
  const version = ms * 1_000 + Math.min(sequence, 999)
  return { key: `${hook}:${channel}:of:${subjectOf(message)}`, lane: hook, body, version, dueAt: new Date(now.getTime() + everyMs) }
}

/** Whom a reading is about. */
function subjectOf({ agent_id, service }: StreamEntry['message']): string {
  const subject = agent_id ?? service
  if (typeof subject !== 'string' && typeof subject !== 'number') return ''
  return String(subject).slice(0, LONGEST_SUBJECT).toWellFormed()
}

/** An entry's id begins with Redis' own time in ms; then comes the place among those of the same moment. */
function timeOf(id: string, now: Date): readonly [ms: number, sequence: number] {
  const [ms = Number.NaN, sequence = 0] = id.split('-').map(Number)
  return Number.isSafeInteger(ms * 1_000) ? [ms, sequence] : [now.getTime(), 0]
}
