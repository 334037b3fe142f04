import { createHash } from 'node:crypto'
import { z } from 'zod'
import { fields } from '#src/echoes/shapes/cell.ts'
import { fieldAt } from '#src/kernel/field.ts'
import { matchesGlob } from '#src/kernel/glob.ts'
import { compareIds } from '#src/streams/stream-entry.ts'
import type { StreamEntry, Streams } from '#src/streams/streams.ts'
import type { HeardRule } from './rule.ts'

/** How far the streams were read for the rules that name them, and what of them counts. Times in ms since 1970. */
export const heard = z.object({
  /** Of the last reading that succeeded. */
  at: z.number(),
  /** Of each channel the newest entry that was read. */
  positions: z.record(z.string(), z.string()),
  /** Of each rule (by `hitsKey`) when its newest messages came, oldest first; never more than it counts. */
  hits: z.record(z.string(), z.array(z.number())),
  /** Of each rule what its newest message says: secrets masked, nothing in it to be pressed. */
  newest: z.record(z.string(), z.string()).optional(),
})
export type Heard = Readonly<z.infer<typeof heard>>

/** Entries of one channel in a piece, and pieces in a turn: of a flood no more is looked at. */
const piece = 1_000
const pieces = 10
/** After so long without a reading nobody knows what was published by those who only publish: who is silent is given its time anew, in ms. */
const gapMs = 60_000
const beginning = '0-0'
/** What is shown of a message, in characters. */
const longestSaid = 200

/** What a rule counts: another channel, other fields or another number are counted anew. */
export function hitsKey(rule: HeardRule): string {
  // The database keeps fields in an order of its own.
  const fields = Object.entries(rule.where).toSorted(([one], [other]) => (one < other ? -1 : 1))
  const counted = [rule.channel, fields, rule.kind === 'stream' ? rule.count : rule.every]
  return `${rule.name}:${createHash('sha256').update(JSON.stringify(counted)).digest('base64url').slice(0, 12)}`
}

/** Whether a message has the fields that a rule asks for, with those values; in a text `*` stands for anything. */
export function isMeant({ where }: Pick<HeardRule, 'where'>, message: StreamEntry['message']): boolean {
  return Object.entries(where).every(([path, wanted]) => {
    const found = fieldAt(message, path) ?? null
    return typeof wanted === 'string' && typeof found === 'string' ? matchesGlob(wanted, found) : found === wanted
  })
}

/**
 * Reads what came since, and counts it: each message once, as long as what is answered is what is asked with next. A message is as old as
 * Redis says, whatever it says itself. Throws UpstreamError where Redis is away.
 */
export async function hear(
  streams: Pick<Streams, 'read'>,
  rules: readonly HeardRule[],
  before: Heard | undefined,
  now: number,
): Promise<Heard> {
  const positions: Record<string, string> = {}
  const hits: Record<string, number[]> = Object.fromEntries(rules.map((rule) => [hitsKey(rule), [...(before?.hits[hitsKey(rule)] ?? [])]]))
  const newest: Record<string, string> = {}
  const meant = new Map<string, StreamEntry['message']>()
  for (const channel of new Set(rules.map((rule) => rule.channel))) {
    const asking = rules.filter((rule) => rule.channel === channel)
    positions[channel] = await readOn(streams, channel, before?.positions[channel], ({ id, message }) => {
      for (const rule of asking) {
        if (!isMeant(rule, message)) continue
        hits[hitsKey(rule)]!.push(Math.min(now, Number.parseInt(id, 10)))
        meant.set(hitsKey(rule), message)
      }
    })
  }
  for (const key of Object.keys(hits)) {
    const message = meant.get(key)
    const said = message ? fields(Object.entries(message), longestSaid) : before?.newest?.[key]
    if (said !== undefined) newest[key] = said
  }
  const wasDeaf = !before || now - before.at > gapMs
  for (const rule of rules) {
    const own = hits[hitsKey(rule)]!
    if (rule.kind === 'heartbeat' && (wasDeaf || own.length === 0)) own.push(now)
    own.splice(0, own.length - (rule.kind === 'heartbeat' ? 1 : rule.count))
  }
  return { at: now, positions, hits, newest }
}

/** Answers up to where it was read. A channel that nobody asked for before is read from now on. */
async function readOn(
  streams: Pick<Streams, 'read'>,
  channel: string,
  from: string | undefined,
  take: (entry: StreamEntry) => void,
): Promise<string> {
  const newest = (await streams.read(channel, { count: 1 }))[0]?.id
  if (from === undefined || newest === undefined) return newest ?? beginning
  // A Redis that lost its memory.
  let after = compareIds(newest, from) < 0 ? beginning : from
  for (let read = 0; read < pieces; read += 1) {
    const entries = await streams.read(channel, { after, count: piece })
    entries.forEach(take)
    after = entries.at(-1)?.id ?? after
    if (entries.length < piece) return after
  }
  return after
}
