import { z } from 'zod'
import type { StreamEntry } from '#src/streams/streams.ts'
import { believed } from './believed.ts'
import { cleanName } from './clean-name.ts'
import type { ConsciousnessReading } from './consciousness.ts'
import { isOfReadings } from './listened.ts'
import { deciding, type MetricsShape, type Scales } from './scales.ts'
import { fractions, isPlainLevel, isPlainScalar, levelSchema, metricsSchema, scalars } from './ucf.ts'

/** What a message is: a reading; something else that is none of ours; or a reading that cannot be read, of whom and why. */
export type Read =
  | { readonly kind: 'reading'; readonly reading: ConsciousnessReading }
  | { readonly kind: 'other' }
  | { readonly kind: 'unreadable'; readonly source: string; readonly why: string }

/** What is larger (in characters of JSON) or has more metrics is nobody's reading: it is not even looked at. */
const limits = { text: 65_536, metrics: 100, name: 64, source: 128, value: 1e15 } as const

const known: readonly string[] = [...fractions, ...scalars]
/** Fields beside the metrics where they stand bare, and fields of ours. */
const aside = new Set(['level', 'consciousness_level', 'timestamp', 'stream_id', 'id', 'version'])

const message = z.looseObject({
  consciousness_level: levelSchema.nullish(),
  level: levelSchema.nullish(),
  ucf_metrics: metricsSchema.nullish(),
  ucf: metricsSchema.nullish(),
})

type Wire = Readonly<Record<string, unknown>>

/**
 * Reads a message of any source: `{agent_id, consciousness_level, ucf_metrics, timestamp}`, `{type: "consciousness_update", …}`,
 * `{level, ucf}`, bare `{zoom, harmony, …}`. Known metrics that are fractions come out on 0–10; numbers of other names are kept as they are.
 * Never throws, whatever the message is.
 */
export function readMessage({ id, channel, message: wire, text }: Omit<StreamEntry, 'number'>, scales: Scales): Read {
  const source = sourceOf(wire, channel)
  if (text.length > limits.text) return { kind: 'unreadable', source, why: 'it is too large' }
  if (!hasReading(wire)) {
    return isOfReadings(channel) ? { kind: 'unreadable', source, why: 'it has neither a level nor metrics' } : { kind: 'other' }
  }
  const given = wire.ucf_metrics ?? wire.ucf ?? (isBare(wire) ? bareMetrics(wire) : undefined)
  if (typeof given === 'object' && given !== null && Object.keys(given).length > limits.metrics) {
    return { kind: 'unreadable', source, why: `it has more than ${limits.metrics} metrics` }
  }
  const parsed = message.safeParse(wire.ucf_metrics || wire.ucf || !given ? wire : { ...wire, ucf: given })
  if (!parsed.success) return { kind: 'unreadable', source, why: whyNot(parsed.error) }
  const { consciousness_level, level = undefined, ucf_metrics, ucf } = parsed.data
  const found = consciousness_level ?? level ?? undefined
  const key = sourceKey(channel, source)
  const shape: MetricsShape = ucf_metrics ? 'ucf_metrics' : wire.ucf ? 'ucf' : 'bare'
  const scale = scales.of(key, { shape, metrics: ucf_metrics ?? ucf, level: found, at: arrivalOf(id).getTime() })
  if (scale === 'mixed') return { kind: 'unreadable', source, why: 'its fractions are partly over 1, and the source uses 0–1' }
  const metrics = normalised(ucf_metrics ?? ucf ?? {}, scale === '0-1' ? 10 : 1)
  if (found === undefined && Object.keys(metrics).length === 0)
    return { kind: 'unreadable', source, why: 'none of its metrics is a number' }
  const reading = {
    source,
    channel,
    level: found,
    metrics,
    scale,
    ...(scale && { scales: scales.known(key) }),
    computed: wire.computed === true,
    ...believed(wire.timestamp, arrivalOf(id)),
  }
  return { kind: 'reading', reading }
}

/**
 * Whether a message is a reading that can be read, on whatever scale: most are, and cost next to nothing. Where this is false `readMessage` tells.
 */
export function isPlainReading(wire: Wire): boolean {
  const { consciousness_level: own, level, ucf_metrics, ucf } = wire
  const said = own ?? level
  if (said !== undefined && said !== null && !isPlainLevel(said)) return false
  if (own !== undefined && own !== null && level !== undefined && level !== null && !isPlainLevel(level)) return false
  const metrics = ucf_metrics ?? ucf
  if (metrics === undefined || metrics === null) return said !== undefined && said !== null && !isBare(wire)
  // Of both the one that does not count has to be fit as well.
  if (!isObject(metrics) || (ucf_metrics && ucf)) return false
  let least = Number.POSITIVE_INFINITY
  let most = 0
  for (const name of fractions) {
    const value = metrics[name]
    if (value === undefined) continue
    if (!isPlainLevel(value)) return false
    if (value < least) least = value
    if (value > most) most = value
  }
  // What is of both scales depends on its source.
  if (least <= 1 && most > deciding.noise) return false
  for (const name of scalars) if (metrics[name] !== undefined && !isPlainScalar(metrics[name])) return false
  let many = 0
  for (const _ in metrics) many += 1
  return many <= limits.metrics && (least <= most || (said !== undefined && said !== null))
}

function isObject(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Under this name the scales of a source are known. */
export function sourceKey(channel: string, source: string): string {
  return `${channel} ${source}`
}

/** Redis' own clock at the moment when the stream got the entry: the beginning of its id. */
export function arrivalOf(id: string): Date {
  return new Date(Number(id.split('-')[0]))
}

/** `level` alone is also how loud a line of a log is. */
export function hasReading(wire: Wire): boolean {
  const { consciousness_level: own, level, ucf_metrics, ucf } = wire
  return [own, ucf_metrics, ucf].some((each) => each !== undefined && each !== null) || typeof level === 'number' || isBare(wire)
}

function isBare(wire: Wire): boolean {
  return known.some((name) => typeof wire[name] === 'number')
}

function bareMetrics(wire: Wire): Wire {
  return Object.fromEntries(Object.entries(wire).filter(([name, value]) => typeof value === 'number' && !aside.has(name)))
}

function sourceOf({ agent_id: agent }: Wire, channel: string): string {
  if (typeof agent === 'number') return String(agent)
  return (typeof agent === 'string' && cleanName(agent, limits.source)) || channel
}

/** The known ones first, on 0–10 where they are fractions; the others as they came, where they are numbers that can be kept. */
function normalised(metrics: Wire, factor: number): Readonly<Record<string, number>> {
  const isFraction = new Set<string>(fractions)
  const found = new Map<string, number>()
  const keep = (name: string, value: unknown) => {
    if (typeof value === 'number' && Math.abs(value) <= limits.value) found.set(name, isFraction.has(name) ? tenfold(value, factor) : value)
  }
  for (const name of known) keep(name, metrics[name])
  for (const [name, value] of Object.entries(metrics)) {
    const clean = cleanName(name, limits.name)
    if (clean !== '' && !known.includes(clean)) keep(clean, value)
  }
  return Object.fromEntries(found)
}

/** Without what binary fractions add: 0.57 is 5.7, not 5.699999999999999; and 1.02 is no more than all. */
function tenfold(value: number, factor: number): number {
  return factor === 1 ? value : Math.min(10, Math.round(value * factor * 1e9) / 1e9)
}

function whyNot({ issues: [issue] }: z.ZodError): string {
  const field = issue?.path.join('.') ?? ''
  if (issue?.code === 'too_big' || issue?.code === 'too_small') return `${field} is out of range`
  return `${field} is no ${issue?.code === 'invalid_type' ? issue.expected.replace('record', 'object') : 'value that can be'}`
}
