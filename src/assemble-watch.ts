import { randomUUID } from 'node:crypto'
import { createReadRoles } from './adapters/discord/roles.ts'
import type { RailwayAccess } from './adapters/railway/railway.ts'
import type { RedisConnection } from './adapters/redis/redis.ts'
import { createAlerts } from './alerts/create-alerts.ts'
import { createHandshake } from './alerts/readings/handshake.ts'
import { assembleIncidents, type IncidentsGiven } from './assemble-incidents.ts'
import { assemblePolicies, type PoliciesGiven } from './assemble-policies.ts'
import type { Audit } from './audit/audit.ts'
import { type AskDoor, createAgentRequests } from './automation/agent-requests.ts'
import type { Capabilities } from './capabilities.ts'
import type { Claims } from './claims/claims.ts'
import { createConsciousness } from './consciousness/create-consciousness.ts'
import { createEchoes } from './echoes/create-echoes.ts'
import { createEchoWorker } from './echoes/echo-worker.ts'
import type { Environments } from './environments/environments.ts'
import { createGates } from './gates/create-gates.ts'
import { consciousnessGate } from './guards/consciousness-gate.ts'
import { createAssess } from './health/assess.ts'
import { createHealth } from './health/create-health.ts'
import { createReadGuildNames } from './incidents/guild-names.ts'
import type { Place } from './kernel/call.ts'
import type { Emit } from './kernel/emit.ts'
import type { Operations } from './operations/operations.ts'
import type { Places } from './places/places.ts'
import { createAlsoWatched } from './policies/also-watched.ts'
import type { Probes } from './probes/probe.ts'
import { createProbeCycle } from './probes/probe-cycle.ts'
import { createSignals } from './signals/create-signals.ts'
import { createLease } from './signals/lease.ts'
import { createOneReading } from './signals/one-reading.ts'
import { createStreams } from './streams/streams.ts'
import type { Tracing } from './tracing/tracing.ts'
import { createWebhooks, type WebhooksParts } from './webhooks/webhooks.ts'

export interface WatchGiven extends IncidentsGiven, PoliciesGiven {
  readonly redis: RedisConnection
  readonly access: RailwayAccess
  readonly environments: Environments
  readonly operations: Operations
  readonly places: Pick<Places, 'guilds' | 'of'>
  readonly probes: Probes
  readonly audit: Audit
  readonly claims: Claims
  /** Where agents' requests go. */
  readonly door: AskDoor
  /** The bot's own project and environment: what private names lead to, and what messages that name no place are about. */
  readonly home: Pick<Place, 'project' | 'environment'>
  /** Somebody asks this process how things are: it looks at the services from outside even where another process decides. */
  readonly hears: boolean
  readonly healthEveryMs: number
  /** Where Railway's webhooks come in. */
  readonly webhook: Pick<WebhooksParts, 'secret' | 'domain' | 'answersHttp'>
  /** Alert rules as code. */
  readonly alertsFile: string
  /** Whom to tell that Helix watches. */
  readonly heartbeatUrl: string | undefined
  readonly emit: Emit
  readonly tracing: Tracing
}

const LEASE_MS = 5_000

/** What watches by itself and tells: the health cycle, and all that decides from what it finds. */
export function assembleWatch(given: WatchGiven) {
  const { store, environments, access, places, probes, audit, home, hears, healthEveryMs, alertsFile, heartbeatUrl, redis, clock, log } =
    given
  const probed = { probes, home: home.environment, clock }
  const streams = createStreams(given)
  const isHome = ({ project, environment }: Place) => project === home.project && environment === home.environment
  const own = () => places.guilds().flatMap((guild) => places.of(guild) ?? [])
  let also: readonly Place[] = []
  const watched = () => [...own(), ...also]
  const alsoWatched = createAlsoWatched({
    ...{ store, own, clock, log },
    named: async (place) => (await alerts.list(place)).rules.flatMap(({ rule }) => (rule.enabled ? rule.environments : [])),
    environments: given.directory.environments,
  })
  const signals = createSignals({
    ...given,
    streams,
    assess: createAssess(probed),
    async watched() {
      also = await alsoWatched()
      return watched()
    },
    budget: async (place) => (await access(place)).budget(),
    everyMs: healthEveryMs,
    leaseMs: LEASE_MS,
  })
  const health = createHealth({ environments, probed, held: signals.held, onDiffers })
  const probeRound = createProbeCycle({ probes, environments, places, home: home.environment })
  const consciousness = createConsciousness({
    ...{ store, streams, clock, log },
    lease: createLease({ store, name: 'consciousness', holder: randomUUID(), ttlMs: LEASE_MS, log }),
    home: () => watched().find(isHome),
    readOnce: createOneReading({ ...given, assess: createAssess(probed) }),
  })
  const gates = createGates({ store, consciousness, audit, clock })
  const echoes = createEchoes({ ...given, names: createReadGuildNames({ ...given, roles: createReadRoles(given.discordAt) }) })
  const echoWorker = createEchoWorker({ ...given, streams })
  const { began, capabilities: told } = assembleIncidents(given)
  const alerts = createAlerts({
    ...{ store, signals, consciousness, streams, watched, clock, log, decides: signals.decides },
    ...{ incidents: told.incidents, posts: told.posts, checkRedis: redis.check, path: alertsFile, heartbeatUrl },
    ...{ access, handshake: createHandshake() },
    home: () => watched().find(isHome),
  })
  const policies = assemblePolicies(given, { signals, alerts, consciousness, incidents: told.incidents })
  const agentRequests = createAgentRequests({ ...given, streams, holder: randomUUID() })
  const { webhooks, ...hooks } = createWebhooks({ ...given, ...given.webhook, signals })

  /** Whoever asks sees more than the cycle has: it looks, and nobody waits for it. */
  function onDiffers(place: Place, readAt: Date): void {
    const newest = signals.newest(place)
    if (!newest || readAt <= newest.at) return
    signals.lookNow(place).catch((err: unknown) => log.debug({ err }, 'a look out of turn could not be had'))
  }

  return {
    capabilities: {
      alerts,
      consciousness,
      echoes,
      gates,
      health,
      signals,
      webhooks,
      ...told,
      ...policies.capabilities,
    } satisfies Partial<Capabilities>,
    /** Between a plan and its confirmation, and again when an operation begins. */
    gates: [consciousnessGate(gates)],
    gate: gates.pass,
    warrants: policies.warrants,
    policyNames: policies.names,
    /** For the door that takes Railway's webhooks. */
    webhook: { secret: given.webhook.secret, take: hooks.take },
    /** For who asks from outside whether Helix watches. */
    watching: { watched: own, signals },
    /** An operation began. */
    began,
    /** What `upkeep` repeats. */
    upkeep: {
      /** Subjects of messages that are still needed. */
      needed: told.incidents.unresolved,
      async prune(before: Date) {
        await signals.prune(before)
        await gates.prune(before)
        await hooks.prune(before)
        await policies.prune(before)
      },
      async probeRound() {
        if (hears || signals.decides()) await probeRound()
      },
    },
    async start() {
      await consciousness.start()
      await signals.start()
      told.incidents.start()
      await alerts.start()
      await echoWorker.start()
      await agentRequests.start()
    },
    async stop() {
      await hooks.stop()
      await agentRequests.stop()
      await echoWorker.stop()
      await alerts.stop()
      await told.incidents.stop()
      await signals.stop()
      await consciousness.stop()
      await streams.close()
    },
  }
}
