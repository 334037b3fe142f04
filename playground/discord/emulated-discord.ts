import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Emulator } from '#playground/emulator.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { systemClock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { createAccess } from './access.ts'
import { serveAttachments } from './attachments.ts'
import { createAuthenticate } from './authenticate.ts'
import { createCommands } from './commands.ts'
import { createFaults } from './faults/create-faults.ts'
import { createEvents } from './gateway/events.ts'
import { createGateway } from './gateway/gateway.ts'
import { createSessions } from './gateway/sessions.ts'
import { createInteractions } from './interactions.ts'
import { createMessages } from './messages.ts'
import { channelRoutes } from './rest/channel-routes.ts'
import { commandRoutes } from './rest/command-routes.ts'
import { guildRoutes } from './rest/guild-routes.ts'
import { identityRoutes } from './rest/identity-routes.ts'
import { interactionRoutes } from './rest/interaction-routes.ts'
import { messageRoutes } from './rest/message-routes.ts'
import { mountRoutes } from './rest/mount.ts'
import { pinRoutes } from './rest/pin-routes.ts'
import { createRateLimits } from './rest/rate-limits.ts'
import { reactionRoutes } from './rest/reaction-routes.ts'
import { createTroubles } from './rest/troubles.ts'
import { createSeed } from './seed.ts'
import { discordState } from './state.ts'
import { userRoutes } from './user/user-routes.ts'
import { type Certificate, certificateFor } from './voice/certificate.ts'
import { createMicrophone } from './voice/microphone.ts'
import { voiceRoutes } from './voice/routes.ts'
import type { Sounds } from './voice/sounds.ts'
import { transportModes } from './voice/transport.ts'
import { createVoice, type VoiceDeps } from './voice/voice.ts'
import { createWorld } from './world.ts'

export interface EmulatedDiscordOptions {
  /** Discord's own time: ids, the 3 s, tokens, the age of messages. */
  readonly clock: Clock
  readonly log: Log
  /** `http://127.0.0.1:PORT`, known once the playground listens. */
  readonly publicUrl: () => string
  /** Called with a line of JSON for each of the bot's requests: method, path, body, status, response. */
  readonly record?: (line: string) => void
  /** What `snapshot()` gave in an earlier run. */
  readonly snapshot?: unknown
  /** The time that connected clients measure as well: heartbeats, windows of rate limits. The system's if left out. */
  readonly wire?: Clock
  /** 41,250 if left out, as Discord says hello. */
  readonly heartbeatMs?: number
  /** How voice is played; left out, as Discord does it. */
  readonly voice?: Partial<Pick<VoiceDeps, 'modes' | 'encrypted' | 'heartbeatMs'>>
  /** Makes and knows sound; left out, members cannot speak. */
  readonly sounds?: Sounds
  /** Members besides the five that there always are, `playground-guest-1` and so on. */
  readonly guests?: number
  /** How many shards may identify within 5 s: 1 if left out. */
  readonly maxConcurrency?: number
}

export interface EmulatedDiscord extends Emulator {
  /** What the bot has to trust to speak with the voice server: Discord's clients insist on TLS. PEM. */
  readonly certificate: string
}

const snapshotShape = z.object({ certificate: z.object({ cert: z.string(), key: z.string() }).optional() })
const voiceHeartbeatMs = 13_750

/** Discord at the wire, for unmodified clients: REST v10 and gateway v10 for the bot, and the API of Discord's own clients for people. */
export function createEmulatedDiscord(options: EmulatedDiscordOptions): EmulatedDiscord {
  const { clock, log, publicUrl, record, snapshot, sounds, wire = systemClock(), heartbeatMs = 41_250, maxConcurrency = 1 } = options
  const world = createWorld(clock, createSeed(options.guests), publicUrl, snapshot)
  const gatewayUrl = () => `${publicUrl().replace(/^http/, 'ws')}/gateway`
  const unserved = new Set<string>()

  const sessions = createSessions(wire)
  const events = createEvents(world, sessions)
  let certificate = snapshotShape.safeParse(snapshot).data?.certificate
  const voice = createVoice({
    world,
    wire,
    log,
    modes: transportModes,
    encrypted: true,
    heartbeatMs: voiceHeartbeatMs,
    ...options.voice,
    certificate: currentCertificate,
    tellAll: events.inGuild,
    toUser: events.toUser,
  })
  const microphone = createMicrophone({ world, voice, sounds, log })
  sessions.onEnd(voice.ended)
  const gateway = createGateway({ world, wire, sessions, events, address: gatewayUrl, heartbeatMs, maxConcurrency, voice: voice.wish })
  const access = createAccess(world)
  const commands = createCommands(world)
  const messages = createMessages(world, events)
  const interactions = createInteractions(world, events)
  const limits = createRateLimits(wire)
  const troubles = createTroubles(wire)
  const parts = { world, access, commands, messages, interactions, events, sessions, limits, gateway, gatewayUrl }
  function currentCertificate(): Certificate {
    const current = certificateFor(wire.now(), certificate)
    if (current !== certificate) world.changed()
    certificate = current
    return current
  }
  const botRoutes = [identityRoutes, commandRoutes, interactionRoutes, messageRoutes, pinRoutes, channelRoutes, guildRoutes, reactionRoutes]

  return {
    name: 'discord',
    routes: (server: FastifyInstance) => {
      const shared = { log, unserved: (route: string) => unserved.add(route) }
      server.register(
        async (scope) =>
          mountRoutes(
            scope,
            botRoutes.flatMap((routes) => routes(parts)),
            {
              ...shared,
              authenticate: createAuthenticate(world, 'bot'),
              limits,
              troubles,
              ...(record ? { record: (line) => record(JSON.stringify(line)) } : {}),
            },
          ),
        { prefix: '/api/v10' },
      )
      server.register(
        async (scope) => mountRoutes(scope, userRoutes(parts), { ...shared, authenticate: createAuthenticate(world, 'user') }),
        {
          prefix: '/api/v9',
        },
      )
      serveAttachments(server, world)
      voiceRoutes(server, { world, voice, sounds })
    },
    get certificate() {
      return currentCertificate().cert
    },
    upgrade: (...request) => gateway.upgrade(...request) || microphone.upgrade(...request),
    state: () => ({ ...discordState(world, unserved), ...voice.state() }),
    faults: createFaults({ world, sessions, events, troubles, voice }),
    snapshot: () => ({ ...world.snapshot(), certificate }),
    onChange: world.onChange,
    close: async () => {
      troubles.clear()
      interactions.close()
      microphone.close()
      voice.close()
      gateway.close()
    },
  }
}
