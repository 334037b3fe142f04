import { defineRailway, github, postgres, preserve, project, redis, type ServiceConfigInput, service } from 'railway/iac'

/** Yours: `railway config plan` shows what it would change, `railway config apply` does it. */
const repository = 'your-organisation/helix'

/** Fixed, so that services find each other on the private network. */
const PORT = '8080'

const watched = ['/Dockerfile', '/package.json', '/package-lock.json', '/src/**']

/** Railway builds the Dockerfile's last stage; the start command says which program of it this is. */
function settings(
  start: string,
  folders: readonly string[],
  drainingSeconds: number,
): Pick<ServiceConfigInput, 'source' | 'build' | 'deploy'> {
  return {
    source: github(repository),
    build: { builder: 'DOCKERFILE', dockerfilePath: 'Dockerfile', watchPatterns: [...watched, ...folders] },
    deploy: {
      startCommand: start,
      // A version that cannot reach its stores does not replace one that can.
      healthcheckPath: '/health/ready',
      healthcheckTimeout: 120,
      restartPolicyType: 'ALWAYS',
      drainingSeconds,
    },
  }
}

const serviceSettings = (name: string) => settings(`node services/${name}/main.ts`, [`/services/${name}/**`], 15)
const shared = (name: string) => `\${{shared.${name}}}`
const privateUrl = (name: string) => `http://\${{${name}.RAILWAY_PRIVATE_DOMAIN}}:${PORT}`

export default defineRailway(() => {
  const database = postgres('postgres')
  const bus = redis('redis')
  const DATABASE_URL = database.env.DATABASE_URL
  const REDIS_URL = bus.env.REDIS_URL

  // Shared variables of the environment, set once by hand: what signs users' tokens, and what services sign for each other.
  const JWT_SECRET = shared('JWT_SECRET')
  const SERVICE_MESH_SECRET = shared('SERVICE_MESH_SECRET')
  // Railway's edge stands before a public domain: its word on who asks is taken for the rate limits.
  const every = { PORT, REDIS_URL, JWT_SECRET, SERVICE_MESH_SECRET, TRUSTED_PROXIES: '1' }

  const websocketStreaming = service('websocket-streaming', { ...serviceSettings('websocket-streaming'), env: every })
  const agentOrchestrator = service('agent-orchestrator', { ...serviceSettings('agent-orchestrator'), env: { ...every, DATABASE_URL } })
  const voiceProcessor = service('voice-processor', {
    ...serviceSettings('voice-processor'),
    env: { ...every, GOOGLE_CLOUD_KEY: preserve() },
  })
  const zapierIntegration = service('zapier-integration', {
    ...serviceSettings('zapier-integration'),
    env: {
      ...every,
      DATABASE_URL,
      ZAPIER_SECRET: preserve(),
      HELIX_BOT_URL: privateUrl('bot'),
      CONSCIOUSNESS_ENGINE_WEBHOOK: preserve(),
      COMMUNICATIONS_HUB_WEBHOOK: preserve(),
      NEURAL_NETWORK_WEBHOOK: preserve(),
    },
  })

  // The tokens are kept as they are in Railway, and are the bot's alone: one bot token in two places makes two bots of it.
  const bot = service('bot', {
    ...settings('node src/main.ts', ['/commands/**', '/events/**'], 30),
    env: {
      PORT,
      DATABASE_URL,
      REDIS_URL,
      SERVICE_MESH_SECRET,
      HELIX_SERVICE_ROLES: preserve(),
      DISCORD_BOT_TOKEN: preserve(),
      DISCORD_CLIENT_ID: preserve(),
      DISCORD_GUILD_ID: preserve(),
      HELIX_SECRET_KEY: preserve(),
      HELIX_ROLES: preserve(),
      RAILWAY_TOKEN: preserve(),
      WEBSOCKET_SERVICE_URL: privateUrl('websocket-streaming'),
      AGENT_ORCHESTRATOR_URL: privateUrl('agent-orchestrator'),
      VOICE_PROCESSOR_URL: privateUrl('voice-processor'),
      ZAPIER_SERVICE_URL: privateUrl('zapier-integration'),
    },
  })

  return project('helix', { resources: [database, bus, websocketStreaming, agentOrchestrator, voiceProcessor, zapierIntegration, bot] })
})
