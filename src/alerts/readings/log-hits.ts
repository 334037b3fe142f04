import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Railway, ServiceLogLine } from '#src/adapters/railway/railway.ts'
import type { Place } from '#src/kernel/call.ts'
import { redact } from '#src/logs/redact.ts'
import { type LogPattern, logPattern } from '../log-pattern.ts'
import { logLevels, type RuleOf } from '../rule.ts'

/** Lines of logs that rules look for. Times in ms since 1970. */
export const logHits = z.object({
  /** Until when lines were read. */
  at: z.number(),
  /** Oldest first. */
  hits: z.array(z.object({ rule: z.string(), service: z.string(), at: z.number(), id: z.string(), line: z.string() })).readonly(),
  /** Came more than are looked at, by the last reading. */
  flooded: z.boolean().default(false),
})
export type LogHits = Readonly<z.infer<typeof logHits>>
type Hit = LogHits['hits'][number]
export type LogRule = RuleOf<'log'>

/** Lines looked at in one reading: of a flood the newest. */
export const mostLines = 1_000
/** Kept of all rules of an environment. */
const mostHits = 5_000
/** Lines come late by so much, at most. */
const lateMs = 30_000
/** At the first reading. */
const firstMs = 60_000
/** Of what happened while nobody looked no more is read than counts. */
const longestMs = 60 * 60_000
/** Masked before it is shortened: half a secret is not recognised as one. */
const longestMasked = 4_000
const longestKept = 300
const longestFilter = 1_500
/** Work of one reading, however many rules there are and whatever they look for: two or three seconds. What else this process does has its turn in between. */
const mostWork = 100_000_000
const piece = 500_000

/** What a rule counts: another pattern or level is counted anew. */
export function logKey({ name, pattern, level }: LogRule): string {
  return `${name}:${createHash('sha256')
    .update(JSON.stringify([pattern, level]))
    .digest('base64url')
    .slice(0, 12)}`
}

/** All of it with ONE request, however many services and rules there are. Throws UpstreamError. */
export async function readLogHits(
  railway: Pick<Railway, 'environmentLogs'>,
  { environment }: Place,
  rules: readonly LogRule[],
  before: LogHits | undefined,
  now: number,
): Promise<LogHits> {
  const looks = rules.map((rule) => ({ rule, key: logKey(rule), pattern: logPattern(rule.pattern) }))
  const since = Math.max(now - longestMs, (before?.at ?? now - firstMs) - lateMs)
  const lines = await railway.environmentLogs({
    ...{ environmentId: environment, limit: mostLines, filter: filterOf(looks) },
    ...{ since: new Date(since), until: new Date(now) },
  })
  const { found, complete } = await find(looks, lines, now)
  return { at: now, hits: kept([...(before?.hits ?? []), ...found], looks, now), flooded: lines.length >= mostLines || !complete }
}

interface Looking {
  readonly rule: LogRule
  readonly key: string
  readonly pattern: LogPattern
}

/** The newest lines first, as far as the work may go. */
async function find(looks: readonly Looking[], lines: readonly ServiceLogLine[], now: number) {
  const found: Hit[] = []
  let [done, rested] = [0, 0]
  for (const line of lines.toReversed()) {
    for (const { rule, key, pattern } of looks) {
      done += pattern.work(line.message)
      if (done > mostWork) return { found: found.toReversed(), complete: false }
      if (isMeant(rule, pattern, line)) found.push(hitOf(key, line, now))
    }
    if (done - rested < piece) continue
    rested = done
    await new Promise(setImmediate)
  }
  return { found: found.toReversed(), complete: true }
}

function isMeant({ level }: LogRule, pattern: LogPattern, { severity, message }: ServiceLogLine): boolean {
  return (level === undefined || logLevels.indexOf(levelOf(severity)) >= logLevels.indexOf(level)) && pattern.isIn(message)
}

function hitOf(rule: string, { serviceId, at, timestamp, instanceId, message }: ServiceLogLine, now: number): Hit {
  const id = createHash('sha256').update(`${timestamp} ${instanceId} ${message}`).digest('base64url').slice(0, 10)
  // Clocks disagree: nothing was written later than now.
  return {
    rule,
    service: serviceId,
    at: Math.min(now, at.getTime()),
    id,
    line: redact(message.slice(0, longestMasked)).slice(0, longestKept).toWellFormed(),
  }
}

/** Each line once, of each rule and service the newest that it counts. */
function kept(all: readonly Hit[], looks: readonly Pick<Looking, 'rule' | 'key'>[], now: number): readonly Hit[] {
  const most = new Map(looks.map(({ rule, key }) => [key, rule]))
  const known = [...new Map(all.map((hit) => [`${hit.rule} ${hit.id}`, hit])).values()]
  const young = known.filter(({ rule, at }) => now - at <= longestMs + (most.get(rule)?.within ?? 0))
  const groups = Map.groupBy(young.toSorted(byTime), ({ rule, service }) => `${rule} ${service}`)
  const own = [...groups.values()].flatMap((group) => group.slice(-(most.get(group[0]!.rule)?.count ?? group.length)))
  return own
    .filter(({ rule }) => most.has(rule))
    .toSorted(byTime)
    .slice(-mostHits)
}

function byTime(one: Hit, other: Hit): number {
  return one.at - other.at
}

/** What Railway is to leave out already; undefined where a rule may mean any line. Never narrower than the rules are. */
export function filterOf(looks: readonly Pick<Looking, 'rule' | 'pattern'>[]): string | undefined {
  const terms = looks.map(({ rule: { level }, pattern: { words } }) =>
    [...(level === 'error' ? ['@level:error'] : []), ...words.map((word) => `"${word}"`)].join(' AND '),
  )
  if (terms.some((term) => term === '')) return undefined
  const filter = [...new Set(terms)].map((term) => `(${term})`).join(' OR ')
  return filter.length > longestFilter ? undefined : filter
}

/** Services spell them in many ways. */
function levelOf(severity: string): (typeof logLevels)[number] {
  const word = severity.toLowerCase()
  if (/^(err|fatal|crit|emerg|alert|panic)/.test(word)) return 'error'
  if (word.startsWith('warn')) return 'warn'
  return /^(debug|trace|verbose)/.test(word) ? 'debug' : 'info'
}
