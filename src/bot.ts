import { createCharts } from './adapters/charts/create-charts.ts'
import { createDiscordCommands } from './adapters/discord/commands.ts'
import { createDiscordGateway } from './adapters/discord/gateway.ts'
import { createDiscordInspection } from './adapters/discord/inspection.ts'
import { createDiscordMembers } from './adapters/discord/members.ts'
import { createDiscordMessages } from './adapters/discord/messages.ts'
import { createRailway } from './adapters/railway/create-railway.ts'
import { createRedis } from './adapters/redis/redis.ts'
import { createStore } from './adapters/store/create-store.ts'
import { createAgents } from './agents/agents.ts'
import { assembleDoctor } from './assemble-doctor.ts'
import { assembleVoice } from './assemble-voice.ts'
import { assembleWatch } from './assemble-watch.ts'
import { createAudit } from './audit/audit.ts'
import { createAutomation } from './automation/create-automation.ts'
import { createPastCalls } from './automation/past-calls.ts'
import { botBase, createBotHttp } from './bot-http.ts'
import type { Capabilities } from './capabilities.ts'
import { createClaims } from './claims/claims.ts'
import { discordCheck, railwayCheck } from './components/checks.ts'
import { createComponents } from './components/create-components.ts'
import { listenHost } from './config/variables.ts'
import { helixVersion } from './config/version.ts'
import { createDelivery } from './delivery/create-delivery.ts'
import { createAnswer } from './doors/answer.ts'
import { createAsk } from './doors/ask.ts'
import { createAutocomplete } from './doors/autocomplete.ts'
import { createAutomationDoor } from './doors/automation.ts'
import { createButton } from './doors/button.ts'
import { createDoors } from './doors/doors.ts'
import { createRegistration } from './doors/registration.ts'
import { createRenderer } from './doors/renderer.ts'
import { createSlash } from './doors/slash.ts'
import { createEnvironments } from './environments/create-environments.ts'
import { createDirectory } from './environments/directory.ts'
import { answerGuard } from './guards/answer-guard.ts'
import { auditGuard } from './guards/audit-guard.ts'
import { claimGuard } from './guards/claim-guard.ts'
import { confirmGuard } from './guards/confirm-guard.ts'
import { consentGuard } from './guards/consent.ts'
import { grantGuard } from './guards/grant-guard.ts'
import { Denied, permissionGuard } from './guards/permission-guard.ts'
import { reachGuard } from './guards/reach-guard.ts'
import { spokenGuard, spokenRunGuard } from './guards/spoken-guard.ts'
import { tolerateAbsence } from './guards/without-store.ts'
import { createInteractions } from './interactions/create-interactions.ts'
import { systemClock } from './kernel/clock.ts'
import { createDispatch } from './kernel/dispatch.ts'
import { createEmit, type Emit } from './kernel/emit.ts'
import { loadCommands, loadEvents } from './kernel/load.ts'
import { createLogs } from './logs/create-logs.ts'
import { createTails } from './logs/create-tails.ts'
import { createTailWorker } from './logs/tail-worker.ts'
import { createMesh } from './mesh/create-mesh.ts'
import { createMetrics } from './metrics/create-metrics.ts'
import { openSpeech } from './open-speech.ts'
import { createOperations } from './operations/create-operations.ts'
import { createJobs } from './operations/jobs.ts'
import { createSettledNews } from './operations/settled-news.ts'
import { createOperationWorker } from './operations/worker.ts'
import { createPermissions } from './permissions/permissions.ts'
import { createAdoption } from './places/adoption.ts'
import { configuredPlace } from './places/configured-place.ts'
import { createPlaces } from './places/create-places.ts'
import type { PlaceToken } from './places/places.ts'
import { createRailwayAccess } from './places/railway-access.ts'
import { createProbes } from './probes/create-probes.ts'
import { createQuestions } from './references/questions.ts'
import { createReferences } from './references/references.ts'
import { type BotParts, runBot } from './run-bot.ts'
import { createSeal } from './secrets/seal.ts'
import { startUpkeep } from './upkeep.ts'
import { webhookDoor } from './webhooks/secret.ts'
import { createZapier } from './zapier/zapier.ts'

/** What a member asked just before the stop still gets its answer, if it takes no longer. */
const ANSWER_LIMIT_MS = 5_000

/** Builds everything, wires it and starts it: the one place that knows all parts. Answers how to stop it, in order. */
async function startBot({ config, log, end }: BotParts): Promise<{ stop(): Promise<void> }> {
  const clock = systemClock()
  const version = helixVersion()
  const hears = config.HELIX_ROLE !== 'worker'
  const works = config.HELIX_ROLE !== 'gateway'
  const discordAt = { token: config.DISCORD_BOT_TOKEN, apiUrl: config.DISCORD_API_URL, log }

  const base = await botBase(config, version, log, clock)
  const mesh = createMesh({ self: 'bot', config, ...base })

  const store = createStore({ url: config.DATABASE_URL, poolSize: config.DB_POOL_SIZE, log })
  const redis = createRedis({ url: config.REDIS_URL, log })
  const migrated = await store.migrate()
  if (migrated.length > 0) log.info({ migrated }, 'the database was brought up to date')

  const connect = (token: PlaceToken) => createRailway({ url: config.RAILWAY_API_URL, token, version, clock, log })
  const [book, events] = await Promise.all([
    loadCommands(new URL('../commands/', import.meta.url)),
    loadEvents(new URL('../events/', import.meta.url)),
  ])
  const places = await createPlaces({ store, seal: createSeal(config.HELIX_SECRET_KEY), log, only: config.DISCORD_GUILD_ID })
  const configured = await configuredPlace(config, connect)
  const permissions = createPermissions({ store })
  const named = config.DISCORD_GUILD_ID
  const adoption = createAdoption({
    ...{ places, permissions, configured, named },
    grants: config.HELIX_ROLES,
    serviceGrants: config.HELIX_SERVICE_ROLES,
  })
  if (named !== undefined) await adoption.serve(named)
  const railways = createRailwayAccess(places, connect)
  const { access } = railways
  const references = createReferences({ store, secretKey: config.HELIX_SECRET_KEY, clock })
  const render = createRenderer({ references, book, store, log })
  const delivery = createDelivery({ store, messages: createDiscordMessages(discordAt), render, clock, log })
  const questions = createQuestions({ store, delivery, clock })
  const audit = createAudit({ store })
  const claims = createClaims({ store })
  const environments = createEnvironments({ access, clock, log })
  const agents = createAgents({ mesh, clock })
  const zapier = createZapier({ mesh, clock })
  const directory = createDirectory({
    ...{ access, environments, agents: agents.names, rules: zapier.ruleNames, clock, log },
    incidents: (place) => watch.capabilities.incidents.list(place),
    alertRules: async (place) => (await watch.capabilities.alerts.list(place)).rules.map(({ rule }) => rule.name),
    policies: (place, kind) => watch.policyNames(place, kind),
  })
  const automation = createAutomation({ store, book, directory, audit, clock })
  const past = createPastCalls({ store, audit, clock })
  const jobs = createJobs({ url: config.DATABASE_URL, log })
  const gateway = hears ? createDiscordGateway({ ...discordAt, clock }) : undefined

  const news = createSettledNews({ store, log })
  const operationParts = { store, delivery, audit, railway: access, jobs, clock, log, onSettled: news.tell }
  const operations = createOperations({ ...operationParts, references, onStarted: (operation) => watch.began(operation) })
  const tails = createTails({ store, delivery, environments, jobs, clock })

  const claude = config.CLAUDE_API_URL === undefined ? undefined : new URL(config.CLAUDE_API_URL)
  const probes = createProbes({ mesh, tokens: base.tokens, claude, clock, log })
  const inspection = createDiscordInspection(discordAt)
  const logs = createLogs({ access, environments })
  const watch = assembleWatch({
    ...{ store, redis, access, environments, operations, places, probes, audit, home: configured, hears, clock, log },
    ...{ delivery, inspection, directory, logs, discordAt, claims, webhook: webhookDoor(config) },
    door: (caller, request) => door(caller, request),
    ...{ book, ask: (call) => ask(call), answerTo: past.answerTo },
    ...{ alertsFile: config.ALERTS_FILE, heartbeatUrl: config.HEARTBEAT_URL },
    healthEveryMs: config.HELIX_HEALTH_INTERVAL_SECONDS * 1_000,
    emit: (name, payload) => emit(name, payload),
    tracing: base.tracing,
  })
  const components = createComponents(
    {
      ...(gateway && { Discord: discordCheck(gateway) }),
      Railway: railwayCheck({
        access,
        place: () => places.guilds().map(places.of)[0],
        isStale: async (place) => (await environments.state(place)).stale,
        cadence: watch.capabilities.signals.cadence,
      }),
      PostgreSQL: async () => void (await store.check()),
      Redis: async () => void (await redis.check()),
    },
    clock,
  )
  const discordCommands = createDiscordCommands({ ...discordAt, applicationId: config.DISCORD_CLIENT_ID })
  const registration = createRegistration(book, discordCommands, named)
  const doctor = assembleDoctor({
    environment: process.env,
    ...{ version, store, redis, mesh, clock, log },
    railway: { access, environments },
    alertsFile: watch.capabilities.alerts.file,
    discord: {
      inspection,
      commandDiff: registration.differences,
      refused: watch.capabilities.posts.refused,
      ...(gateway && { ping: gateway.ping }),
    },
    probed: async () => {
      await probes.lookAgain()
      return probes.last()
    },
  })
  const speech = openSpeech({ config, tokens: base.tokens, clock })
  const { voice, answering } = assembleVoice({
    ...{ store, delivery, inspection, gateway, book, directory, places, permissions, references, operations, speech, clock, log },
    members: createDiscordMembers(discordAt),
    secondsPerDay: config.HELIX_SPEECH_SECONDS_PER_DAY,
    silenceMs: config.HELIX_VOICE_SILENCE_MS,
    dispatch: (call, standing) => dispatch(call, standing),
  })
  const capabilities: Capabilities = {
    ...watch.capabilities,
    adoption,
    agents,
    automation,
    book,
    charts: createCharts(),
    clock,
    components,
    directory,
    doctor,
    environments,
    log,
    logs,
    mesh,
    metrics: createMetrics({ access, clock }),
    operations,
    places,
    registration,
    tails,
    voice,
    zapier,
    stop: end,
    get doors() {
      return doors
    },
  }
  const tolerate = tolerateAbsence(store, log)
  const dispatch = createDispatch({
    book,
    capabilities,
    directory,
    entry: [
      reachGuard(store),
      claimGuard(claims, tolerate),
      auditGuard(audit, log, tolerate),
      permissionGuard(permissions, watch.warrants),
      answerGuard(references, questions),
      spokenRunGuard(clock),
    ],
    gates: watch.gates,
    action: [
      consentGuard({
        person: confirmGuard(places, questions),
        automation: grantGuard({ confirmed: [watch.warrants, automation], places, audit }),
        speaker: spokenGuard(places, clock),
      }),
    ],
  })
  const interactions = createInteractions({ store, isDenial: (error) => error instanceof Denied, clock, log })
  const noted = interactions.noting(dispatch)
  const answer = createAnswer({ render, delivery, log })
  const doors = createDoors({
    slash: interactions.recording(createSlash({ book, places, dispatch: noted, answer })),
    button: interactions.recording(createButton({ places, references, dispatch: answering(noted), answer })),
    autocomplete: createAutocomplete({ book, places, permissions, directory, log }),
  })
  const emit: Emit = createEmit(events, capabilities, log)

  const ask = createAsk({ dispatch, past, log })
  const door = createAutomationDoor({ book, places, automation, past, ask })
  const http = { base: { ...base, mesh }, components: asServiceComponents(), door, webhook: watch.webhook, watching: watch.watching }
  const app = config.PORT === undefined ? undefined : createBotHttp(http)
  function asServiceComponents() {
    return {
      postgres: { check: store.check, close: async () => {} },
      redis: { check: redis.check, close: async () => {} },
      ...(gateway && { discord: { check: async () => void (await discordCheck(gateway)()), close: async () => {} } }),
    }
  }

  await jobs.start()
  await news.listen((told) => emit('operation.settled', told))
  await watch.start()
  if (works) {
    await createOperationWorker({ ...operationParts, gate: watch.gate }).start()
    await createTailWorker({ store, delivery, jobs, railway: access, clock, log }).start()
  }
  await delivery.start()
  if (gateway) {
    await gateway.start(emit)
    await Promise.race([registration.tried(), clock.sleep(ANSWER_LIMIT_MS)])
  }
  await app?.http.listen({ port: config.PORT ?? 0, host: listenHost(config) })
  const upkeep = startUpkeep({
    ...{ claims, interactions, references, delivery, operations, tails, voice, probes, clock, log },
    watch: watch.upkeep,
    healthEveryMs: config.HELIX_HEALTH_INTERVAL_SECONDS * 1_000,
  })
  log.info({ role: config.HELIX_ROLE, commands: book.size, version }, 'ready')
  return {
    async stop() {
      await app?.stop(2_000)
      await Promise.race([voice.stop(), clock.sleep(ANSWER_LIMIT_MS)])
      await gateway?.stop()
      await Promise.race([doors.idle(), clock.sleep(ANSWER_LIMIT_MS)])
      await upkeep.stop()
      await Promise.race([watch.stop(), clock.sleep(ANSWER_LIMIT_MS)])
      await Promise.race([interactions.stop(), clock.sleep(ANSWER_LIMIT_MS)])
      await jobs.stop()
      await delivery.stop()
      await railways.close()
      if ('close' in speech) await speech.close()
      await Promise.all([store.close(), redis.close(), base.tracing.close()])
    },
  }
}

await runBot(startBot, process)
