import { z } from 'zod'
import type { Condition } from '#src/health/health.ts'
import { sayDuration } from '#src/kernel/arguments/duration.ts'
import { count } from '#src/kernel/say.ts'
import { isIll, type Observed } from './observe.ts'
import type { Pace } from './pace.ts'

const condition = z.enum(['healthy', 'degraded', 'down', 'deploying', 'sleeping', 'unknown', 'stopped']) satisfies z.ZodType<Condition>
/** A moment, in ms since 1970. */
const moment = z.number()

/** What is known of a service from one reading to the next; kept in PostgreSQL. */
export const memory = z.object({
  name: z.string(),
  /** What it is held to be. */
  condition,
  reason: z.string(),
  since: moment,
  /** What the readings say instead, since when, and how many of them. */
  turning: z.object({ to: condition, since: moment, looks: z.number() }).optional(),
  /** Whether the newest reading that was no rollout was bad, and since when that is so. */
  ill: z.boolean(),
  steadySince: moment,
  /** The last moments at which that changed. */
  turns: z.array(moment),
  flappingSince: moment.optional(),
  /** It was never known: whatever it is, it did not become that. */
  isNew: z.boolean(),
})
export type Memory = z.infer<typeof memory>

export interface Smoothed {
  readonly memory: Memory
  /** It is held to be another from now on. */
  readonly turned: { readonly from: Condition; readonly since: number } | undefined
  /** When to look again out of turn, in ms: what is turning is decided then. */
  readonly lookInMs: number | undefined
}

const MOST_TURNS = 20

/** What a service is held to be after one more reading: worse once it is confirmed or for good, better once it holds, nothing for a blink. */
export function smooth(before: Memory | undefined, name: string, reading: Observed, now: number, pace: Pace): Smoothed {
  const known = before ?? unknownYet(name, now)
  const seen = overdue(known, reading, now, pace)
  const counted = countTurns({ ...known, name }, seen, now, pace)
  const turning = isNewAndWell(counted, seen) ? { to: seen.condition, since: now, looks: 1 } : turningOf(counted, seen, now)
  const { flappingSince } = counted
  const { turning: _, ...kept } = counted
  if (flappingSince !== undefined) {
    const reason = `It flaps: ${count(counted.turns.length, 'turn')} in ${sayDuration(round(now - counted.turns[0]!))}. ${seen.reason}`
    return held({ ...kept, ...(turning && { turning }) }, 'degraded', reason, flappingSince, undefined)
  }
  if (!turning)
    return held(kept, counted.condition, seen.condition === counted.condition ? seen.reason : counted.reason, counted.since, undefined)
  const needed = isNewAndWell(counted, seen) ? { ms: 0, looks: 1 } : neededFor(counted.condition, turning.to, seen, pace)
  const lasts = now - turning.since
  if (turning.looks >= needed.looks && lasts >= needed.ms) return held(kept, turning.to, seen.reason, turning.since, undefined)
  // What comes back may crash once more: then it does not come back, and nobody is kept waiting for the end of its time.
  const restMs = needed.isRestart ? Math.min(needed.ms - lasts, lasts / 2) : needed.ms - lasts
  return held({ ...kept, turning }, counted.condition, counted.reason, counted.since, Math.max(restMs, pace.confirmMs))
}

/** What was only beginning to turn, after a time in which nobody looked. */
export function afterGap({ turning: _, ...rest }: Memory): Memory {
  return rest
}

function unknownYet(name: string, now: number): Memory {
  const reason = 'It is not known yet how it is.'
  return { name, condition: 'unknown', reason, since: now, ill: false, steadySince: now, turns: [], isNew: true }
}

function isNewAndWell({ isNew }: Memory, seen: Observed): boolean {
  return isNew && !isIll(seen.condition)
}

/** What has been coming up for too long, and serves nothing meanwhile, does not come up. */
function overdue(known: Memory, seen: Observed, now: number, { underWayMs }: Pace): Observed {
  const since = known.condition === 'deploying' ? known.since : now
  if (seen.condition !== 'deploying' || seen.serves || seen.waits || now - since <= underWayMs) return seen
  const reason = `It has been coming up for ${sayDuration(round(now - since))}, and nothing of it serves. ${seen.reason}`
  return { ...seen, condition: 'down', reason, restarting: false }
}

/** Counts how often it went from well to ill and back; a rollout is neither. */
function countTurns(known: Memory, seen: Observed, now: number, { flaps, recoverMs }: Pace): Memory {
  const ill = seen.condition === 'deploying' ? known.ill : isIll(seen.condition)
  const turns = known.turns.filter((at) => now - at <= flaps.withinMs || known.flappingSince !== undefined)
  const changed = ill !== known.ill && !known.isNew
  const counted = {
    ...known,
    ill,
    turns: changed ? [...turns, now].slice(-MOST_TURNS) : turns,
    steadySince: changed ? now : known.steadySince,
  }
  const { flappingSince, ...steady } = counted
  if (flappingSince === undefined) return counted.turns.length >= flaps.turns ? { ...counted, flappingSince: now } : counted
  // What stays down does not flap.
  const isSteady = now - counted.steadySince >= (ill ? recoverMs : flaps.steadyMs)
  return isSteady ? { ...steady, turns: [] } : counted
}

const rank: Readonly<Record<Condition, number>> = { healthy: 0, sleeping: 0, stopped: 0, deploying: 0, degraded: 1, unknown: 1, down: 2 }

/** Undefined where the reading says what is held. A change that was made for the better is no recovery yet. */
function turningOf({ condition: held, turning }: Memory, seen: Observed, now: number): Memory['turning'] {
  const to = seen.condition
  if (to === held || (to === 'deploying' && isIll(held))) return undefined
  const begun = { to, since: now, looks: 1 }
  if (!turning || Math.sign(rank[turning.to] - rank[held]) !== Math.sign(rank[to] - rank[held])) return begun
  const goesOn = { to, since: turning.since, looks: turning.looks + 1 }
  // Getting worse, only what all readings agree on is believed; getting better, only what has held.
  if (rank[to] > rank[held]) return rank[to] <= rank[turning.to] || seen.forGood ? goesOn : { ...goesOn, to: turning.to }
  if (rank[to] < rank[held]) return rank[to] >= rank[turning.to] ? goesOn : begun
  return to === turning.to ? goesOn : begun
}

/** How long, and in how many readings, something has to be seen before it is believed. */
interface Needed {
  readonly ms: number
  readonly looks: number
  /** That is the time that replicas have to come back. */
  readonly isRestart?: true
}

function neededFor(held: Condition, to: Condition, seen: Observed, pace: Pace): Needed {
  if (rank[to] > rank[held] && seen.forGood) return { ms: 0, looks: 1 }
  if (rank[to] > rank[held] || to === 'unknown')
    return seen.restarting ? { ms: pace.restartMs, looks: 2, isRestart: true } : { ms: pace.confirmMs / 2, looks: 2 }
  if (to === 'stopped' || rank[to] === rank[held])
    return to === 'stopped' || isIll(to) ? { ms: pace.confirmMs / 2, looks: 2 } : { ms: 0, looks: 1 }
  return { ms: pace.recoverMs, looks: 2 }
}

function held(known: Memory, to: Condition, reason: string, since: number, lookInMs: number | undefined): Smoothed {
  const turned = to !== known.condition
  const silent = known.isNew && !isIll(to)
  // Still nothing but a first bad reading.
  const isNew = known.isNew && !turned && known.turning !== undefined
  return {
    memory: { ...known, condition: to, reason, since: turned ? since : known.since, isNew },
    turned: turned && !silent ? { from: known.condition, since } : undefined,
    lookInMs,
  }
}

function round(ms: number): number {
  return Math.max(1_000, Math.round(ms / 1_000) * 1_000)
}
