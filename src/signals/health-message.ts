import { z } from 'zod'
import type { Condition } from '#src/health/health.ts'
import { channels } from '#src/kernel/channels.ts'
import type { EnvironmentSignals, ServiceSignals, Turned } from './signals.ts'

/** What the bot publishes on `service:health`; docs/health.md describes it. Fields are only ever added. */
export const healthChannel = channels.serviceHealth

const condition = z.enum(['healthy', 'degraded', 'down', 'deploying', 'sleeping', 'unknown', 'stopped']) satisfies z.ZodType<Condition>
const place = { guild_id: z.string(), project_id: z.string(), environment_id: z.string(), environment: z.string() }
/** RFC 3339. */
const moment = z.iso.datetime()

/** The story of one cycle. `services` by name, as the services' own `health-status` has them. */
export const healthUpdate = z.object({
  type: z.literal('health_update'),
  ...place,
  /** Railway could not be read: this is how it was. */
  stale: z.boolean(),
  /** How many services are in each condition. */
  counts: z.partialRecord(condition, z.number()),
  services: z.record(
    z.string(),
    z.object({
      status: condition,
      since: moment,
      /** Left out where all is well. */
      reason: z.string().optional(),
      replicas: z.object({ running: z.number(), wanted: z.number() }),
    }),
  ),
  /** Services that had no room: the well ones are left out first. */
  omitted: z.number(),
  timestamp: moment,
})

/** A service's condition changed, and it was no blink. */
export const healthTurned = z.object({
  type: z.literal('health_turned'),
  ...place,
  service_id: z.string(),
  service: z.string(),
  from: condition,
  to: condition,
  reason: z.string(),
  since: moment,
  /** Ids of the deployment that serves, and of the newest one. */
  serving: z.string().optional(),
  latest: z.string().optional(),
  timestamp: moment,
})

export const healthMessage = z.discriminatedUnion('type', [healthUpdate, healthTurned])
export type HealthMessage = z.infer<typeof healthMessage>

/** A message has room for 256 KB; what is said of one service takes at most some 450 bytes. */
const MOST_SERVICES = 500
const LONGEST_REASON = 200

export function updateMessage({ place: at, environment, at: read, stale, services }: EnvironmentSignals): HealthMessage {
  const wellLast = services.length > MOST_SERVICES ? [...services].sort((a, b) => Number(isWell(a)) - Number(isWell(b))) : services
  const told = wellLast.slice(0, MOST_SERVICES)
  return {
    type: 'health_update',
    ...placeOf(at, environment),
    stale,
    counts: Object.fromEntries([...Map.groupBy(services, (one) => one.condition)].map(([word, each]) => [word, each.length])),
    services: Object.fromEntries(told.map((one) => [one.service.name, entryOf(one)])),
    omitted: services.length - told.length,
    timestamp: read.toISOString(),
  }
}

export function turnedMessage(
  { place: at, environment, service, from, to, reason, since, serving, latest }: Turned,
  now: Date,
): HealthMessage {
  return {
    type: 'health_turned',
    ...placeOf(at, environment),
    service_id: service.id,
    service: service.name,
    from,
    to,
    reason: beginning(reason),
    since: since.toISOString(),
    ...(serving && { serving: serving.id }),
    ...(latest && { latest: latest.id }),
    timestamp: now.toISOString(),
  }
}

function entryOf(one: ServiceSignals) {
  const { condition: status, since, reason, replicas } = one
  return { status, since: since.toISOString(), ...(!isWell(one) && { reason: beginning(reason) }), replicas }
}

function isWell({ condition: word }: ServiceSignals): boolean {
  return word === 'healthy' || word === 'sleeping' || word === 'stopped'
}

function placeOf({ guild, project, environment: id }: EnvironmentSignals['place'], name: string) {
  return { guild_id: guild, project_id: project, environment_id: id, environment: name }
}

function beginning(text: string): string {
  return text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON - 1).toWellFormed()}…` : text
}
