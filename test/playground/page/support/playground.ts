import { z } from 'zod'
import { createEmulatedDiscord, type EmulatedDiscord } from '#playground/discord/emulated-discord.ts'
import { launchValues } from '#playground/discord/seed.ts'
import type { Emulator } from '#playground/emulator.ts'
import { collectFaults } from '#playground/faults.ts'
import { publisherRoutes } from '#playground/publishers/publisher-routes.ts'
import { createPublishers, type Publishers } from '#playground/publishers/publishers.ts'
import { createPlaygroundServer } from '#playground/server.ts'
import { createKnownAudio } from '#playground/speech/audio/known-audio.ts'
import { createSounds } from '#playground/speech/sounds.ts'
import { tones } from '#playground/speech/synthesis/tones.ts'
import { visitorRoutes } from '#playground/visitors/visitor-routes.ts'
import { createVisitors, type Visitors } from '#playground/visitors/visitors.ts'
import { systemClock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet }
const root = new URL('../../../../', import.meta.url)

export interface TestPlayground {
  readonly url: string
  readonly port: number
  readonly discord: EmulatedDiscord
  /** Faults that the stand-in for Railway was asked for. */
  readonly injected: readonly unknown[]
  readonly visitors: Visitors
  readonly publishers: Publishers
  close(): Promise<void>
}

/** The playground's server with the emulated Discord, and a stand-in for the emulated Railway: a fixed state and faults that only take notes. */
export async function openPlayground(
  options: { readonly port?: number; readonly snapshot?: unknown; readonly redis?: string } = {},
): Promise<TestPlayground> {
  let port = options.port ?? 0
  const injected: unknown[] = []
  const publicUrl = () => `http://127.0.0.1:${port}`
  const discord = createEmulatedDiscord({
    clock: systemClock(),
    log: quiet,
    publicUrl,
    sounds: createSounds({ speaker: tones, known: createKnownAudio() }),
    ...(options.snapshot ? { snapshot: options.snapshot } : {}),
  })
  const railway = stillRailway(injected)
  const emulators = [discord, railway]
  const clock = systemClock()
  const visitors = createVisitors({ addresses: async () => Object.fromEntries(services.map((name) => [name, address])), clock })
  const publishers = createPublishers({ redis: { production: options.redis ?? 'redis://127.0.0.1:9' }, clock })
  const server = createPlaygroundServer({
    emulators,
    faults: collectFaults(emulators, {}),
    parts: [visitorRoutes(visitors), publisherRoutes(publishers)],
    state: () => ({}),
    page: new URL('playground/page/', root),
    packages: new URL('node_modules/', root),
    log: quiet,
  })
  port = await server.listen(port)
  return {
    url: publicUrl(),
    port,
    discord,
    injected,
    visitors,
    publishers,
    async close() {
      await Promise.all([visitors.close(), publishers.close()])
      // In this order: the server waits for the gateway's connections.
      await discord.close()
      await server.close()
    },
  }
}

export const { botToken, applicationId, guildId } = launchValues()

const commits = [
  { sha: 'a1'.repeat(20), message: 'Write logs as JSON', behaviour: 'good', describe: 'The service as it is.' },
  {
    sha: 'b2'.repeat(20),
    message: 'Check every dependency',
    behaviour: 'fails-health-check',
    describe: 'Answers 503 on its health check path.',
  },
]

const services = ['websocket-streaming', 'voice-processor']
/** Nobody answers there. */
const address = 'http://127.0.0.1:9'

function stillRailway(injected: unknown[]): Emulator {
  const service = (name: string) => ({
    id: name,
    name,
    simulated: false,
    environments: ['production', 'staging'],
    urls: { production: address },
    commits,
    deployments: [
      {
        id: 'd2',
        status: 'SUCCESS',
        environment: 'production',
        createdAt: new Date().toISOString(),
        commit: commits[0]!.sha,
        message: commits[0]!.message,
      },
      { id: 'd1', status: 'REMOVED', environment: 'production', createdAt: '2026-01-01T00:00:00Z', commit: null, message: null },
    ],
    processes: [{ environment: 'production', pid: 4242, port: 5100, status: 'RUNNING', cpu: 0.015, memoryBytes: 61_000_000 }],
  })
  const note = async (body: unknown) => {
    injected.push(body)
    return { killed: [4242] }
  }
  return {
    name: 'railway',
    routes() {},
    upgrade: () => false,
    state: () => ({
      environments: [
        { id: 'e1', name: 'production' },
        { id: 'e2', name: 'staging' },
      ],
      services: services.map(service),
    }),
    faults: {
      'kill-service': {
        describe: 'Kill the processes of a service.',
        schema: z.object({
          ...{ service: z.string(), environment: z.string().default('production'), replica: z.int().min(0).optional() },
          forGood: z.boolean().default(false),
        }),
        inject: note,
      },
      'cut-subscriptions': { describe: 'Cut every subscription.', schema: z.object({}), inject: note },
    },
    snapshot: () => ({}),
    onChange() {},
    async close() {},
  }
}
