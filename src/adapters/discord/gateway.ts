import { type APIInteraction, type Client, Events, GatewayDispatchEvents, type Guild } from 'discord.js'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { createAbsence } from './absence.ts'
import { answerable, respondable } from './answers.ts'
import { createClient } from './client.ts'
import type { DiscordEvents, DiscordGateway, GuildInfo, IncomingInteraction } from './discord.ts'
import { isUnrecoverable, login, whyUnrecoverable } from './login.ts'
import { createPersist } from './persist.ts'
import { createRest } from './rest.ts'
import { translate } from './translate.ts'
import { createClientVoice } from './voice.ts'

export interface GatewayParts {
  readonly token: string
  /** Without version, such as `https://discord.com/api`. */
  readonly apiUrl: string
  readonly log: Log
  readonly clock: Clock
}

export const gatewayDefaults = {
  /** A session that is not ready for so long is lost: the process must not seem alive. */
  lostAfterMs: 180_000,
} as const

type Emit = Parameters<DiscordGateway['start']>[0]

/** The gateway session. Interactions are translated and emitted in the tick in which they arrive; nothing waits before them. */
export function createDiscordGateway({ token, apiUrl, log, clock }: GatewayParts): DiscordGateway {
  const rest = createRest(apiUrl, undefined)
  const restOnce = createRest(apiUrl, undefined, { retries: 0 })
  const stopped = new AbortController()
  const persist = createPersist({ clock, stopped: stopped.signal })
  const voice = createClientVoice()
  let current: Client | undefined

  function listen(client: Client, emit: Emit): Client {
    const absence = createAbsence(clock, gatewayDefaults.lostAfterMs, () =>
      emit('discord.lost', { code: 0, reason: 'the session with Discord was not ready for three minutes' }),
    )
    stopped.signal.addEventListener('abort', () => absence.stop(), { once: true })
    voice.listen(client)
    let ready = false
    client.once(Events.ClientReady, ({ user, guilds }) => {
      ready = true
      emit('discord.ready', { name: user.username, guilds: guilds.cache.map(guildInfo) })
    })
    client.on(Events.GuildCreate, (guild) => emit('discord.guild-joined', guildInfo(guild)))
    client.on(Events.ShardReconnecting, (shard) => ready && absence.gone(shard))
    client.on(Events.ShardReady, (shard) => absence.back(shard))
    client.on(Events.ShardResume, (shard) => absence.back(shard))
    client.on(Events.ShardDisconnect, ({ code }) => {
      if (ready && isUnrecoverable(code)) emit('discord.lost', { code, reason: whyUnrecoverable(code) })
    })
    client.on(Events.ShardError, (err, shard) => log.warn({ err, shard }, 'the gateway connection failed'))
    client.on(Events.Error, (err) => log.error({ err }, 'discord.js reports an error'))
    client.on(Events.Warn, (warning) => log.warn({ warning }, 'discord.js warns'))
    client.ws.on(GatewayDispatchEvents.InteractionCreate, (raw: APIInteraction) => {
      try {
        const incoming = receive(raw, client)
        if (incoming) emit('discord.interaction', incoming)
        else log.warn({ interaction: raw.id, type: raw.type }, 'an interaction of a kind that Helix does not use')
      } catch (err) {
        log.error({ err, interaction: raw.id }, 'an interaction could not be taken')
      }
    })
    return client
  }

  function receive(raw: APIInteraction, client: Client): IncomingInteraction | undefined {
    const read = translate(raw, (guild, user) => client.guilds.cache.get(guild)?.ownerId === user)
    if (!read) return undefined
    const answering = { application: raw.application_id, id: raw.id, token: raw.token, channel: read.channel }
    const parts = { rest, restOnce, persist, clock, log }
    if (read.kind === 'autocomplete') {
      const { focused, ...incoming } = read
      return { ...incoming, focused: focused.name, typed: focused.typed, ...respondable(answering, focused.numeric, parts) }
    }
    if (read.kind === 'command') return { ...read, ...answerable(answering, parts) }
    const { on, ...incoming } = read
    return { ...incoming, ...answerable({ ...answering, on }, parts) }
  }

  return {
    async start(emit: <Name extends keyof DiscordEvents>(name: Name, payload: DiscordEvents[Name]) => void) {
      const create = () => {
        current = listen(createClient(apiUrl), emit)
        return current
      }
      await login({ token, clock, log, client: create, patienceMs: gatewayDefaults.lostAfterMs, stopped: stopped.signal })
    },
    async stop() {
      stopped.abort()
      await current?.destroy()
    },
    voice,
    ping() {
      return current?.isReady() ? current.ws.ping : undefined
    },
    voiceStates(guild) {
      const states = current?.guilds.cache.get(guild)?.voiceStates.cache.values() ?? []
      return new Map([...states].flatMap(({ id, channelId }) => (channelId === null ? [] : [[id, channelId] as const])))
    },
  }
}

function guildInfo({ id, name }: Guild): GuildInfo {
  return { id, name: name ?? id }
}
