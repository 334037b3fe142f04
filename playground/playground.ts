import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Clock } from '#src/kernel/clock.ts'
import { ConfigError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import { startEchoAgent } from './agents/echo-agent.ts'
import { botVariables } from './bot-variables.ts'
import { createEmulatedDiscord } from './discord/emulated-discord.ts'
import type { Emulator } from './emulator.ts'
import { collectFaults } from './faults.ts'
import type { Launcher } from './launcher.ts'
import { openSpeech } from './open-speech.ts'
import { processFaults } from './process-faults.ts'
import { withMemory } from './process-list.ts'
import { publisherRoutes } from './publishers/publisher-routes.ts'
import { createPublishers } from './publishers/publishers.ts'
import { webhookSecret } from './railway/credentials.ts'
import { createEmulatedRailway } from './railway/emulated-railway.ts'
import { createPlaygroundServer, type PlaygroundServer } from './server.ts'
import { redisOf, sharedVariables } from './shared-variables.ts'
import { createSnapshotFile } from './snapshot-file.ts'
import { visitorRoutes } from './visitors/visitor-routes.ts'
import { createVisitors } from './visitors/visitors.ts'
import { voiceTrust } from './voice-trust.ts'

const usualPort = 4000
const portsTried = 50

export interface PlaygroundOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The folder of the clone. */
  readonly root: URL
  /** Where its state is kept. */
  readonly data: string
  readonly launcher: Launcher
  readonly clock: Clock
  readonly log: Log
  readonly say: (sentence: string) => void
}

export interface Playground {
  readonly url: string
  /** What the bot must be started with to be at home here. */
  readonly bot: Readonly<Record<string, string>>
  /** Resolves when every service of production answers its health check; rejects where one does not. */
  readonly healthy: Promise<void>
  /** Ends the services' processes, then the vendors; what happened is kept. */
  close(): Promise<void>
}

/** Opens the emulated vendors and the page on one port. The bot comes afterwards, as to the real ones. */
export async function openPlayground(options: PlaygroundOptions): Promise<Playground> {
  const { env, root, data, launcher, clock, log, say } = options
  const [speech, { baseEnv, ownEnv }] = await Promise.all([openSpeech(options), sharedVariables(env, launcher)])
  let url = ''
  const record = env.PLAYGROUND_RECORD ? (line: string) => appendFileSync(env.PLAYGROUND_RECORD!, `${line}\n`) : undefined
  const [discordFile, railwayFile] = ['discord', 'railway'].map((name) => createSnapshotFile(join(data, `${name}.json`), say))
  const discord = await discordFile!.open((snapshot) =>
    createEmulatedDiscord({
      clock,
      log: log.child({ emulator: 'discord' }),
      publicUrl: () => url,
      snapshot,
      sounds: speech.emulator.sounds,
      ...(record && { record }),
    }),
  )
  const ofThisMachine = {
    before: launcher.botStarted(),
    machine: env.NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE } : {},
  }
  const railway = await railwayFile!.open((snapshot) =>
    createEmulatedRailway({
      clock,
      log: log.child({ emulator: 'railway' }),
      root: fileURLToPath(root),
      baseEnv: { ...baseEnv, ...speech.variables },
      ownEnv,
      snapshot,
      webhookUrl: env.HELIX_BOT_URL && `${env.HELIX_BOT_URL}/webhooks/railway/${webhookSecret}`,
      ...ofThisMachine,
    }),
  )
  const healthy = railway.whenHealthy('production')
  const emulators: readonly Emulator[] = [discord, railway, speech.emulator]
  const visitors = createVisitors({ addresses: railway.addresses, clock })
  const publishers = createPublishers({ redis: redisOf({ baseEnv, ownEnv }), clock })
  const server = createPlaygroundServer({
    emulators,
    faults: collectFaults(emulators, processFaults(launcher)),
    parts: [visitorRoutes(visitors), publisherRoutes(publishers)],
    state: () => ({ processes: withMemory(launcher.processes()) }),
    page: new URL('playground/page/', root),
    packages: new URL('node_modules/', root),
    log,
  })
  const port = await listenSomewhere(server, env.PLAYGROUND_PORT, say).catch(async (error: unknown) => {
    await Promise.all([railway.close(), discord.close(), speech.close()])
    throw error
  })
  url = `http://127.0.0.1:${port}`
  const services = await railway.addresses('production')
  const trust = await voiceTrust({ data, certificate: discord.certificate, given: env.NODE_EXTRA_CA_CERTS, say })
  // Within the project, as on Railway's private network: what it waits for is no slow answer to a visitor.
  const orchestrator = () => railway.privateAddress('agent-orchestrator', 'production')
  const { JWT_SECRET: jwtSecret } = baseEnv
  const agent = jwtSecret ? startEchoAgent({ url: orchestrator, jwtSecret, clock, log }) : undefined
  return {
    url,
    bot: { ...botVariables(url, railway.credentials(), services, speech.variables), ...trust },
    healthy,
    async close() {
      await Promise.all([agent?.stop(), visitors.close(), publishers.close()])
      await railway.close()
      await discord.close()
      await speech.close()
      await server.close()
      await Promise.all([discordFile!.flush(), railwayFile!.flush()])
    },
  }
}

/** The port that was asked for and no other; else the usual one, or the next that is free. */
async function listenSomewhere(server: PlaygroundServer, asked: string | undefined, say: (sentence: string) => void): Promise<number> {
  const first = asked ? Number(asked) : usualPort
  if (!Number.isInteger(first) || first < 0 || first > 65_535)
    throw new ConfigError(['PLAYGROUND_PORT must be a port: a whole number from 0 to 65535'])
  for (let port = first; ; port += 1) {
    try {
      const taken = await server.listen(port)
      if (port !== first) say(`Port ${first} is taken, by another playground perhaps: this one is on port ${taken}.`)
      return taken
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      if (asked) throw new ConfigError([`port ${port} (PLAYGROUND_PORT) is taken: end what listens there, or name another`])
      if (port === first + portsTried)
        throw new ConfigError([`the ports from ${first} to ${port} are all taken: set PLAYGROUND_PORT to a free one`])
    }
  }
}
