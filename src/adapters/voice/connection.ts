import {
  type DiscordGatewayAdapterCreator,
  joinVoiceChannel,
  type VoiceConnection,
  VoiceConnectionDisconnectReason,
  type VoiceConnectionState,
  VoiceConnectionStatus,
} from '@discordjs/voice'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import type { RoomFigures } from '#src/voice/room.ts'
import { unhurried } from './unhurried.ts'

export interface ConnectionPatience {
  /** Until it is ready for the first time. */
  readonly joinMs: number
  /** A connection that was ready, until it is given up. */
  readonly lostMs: number
  /** After 4014, for the word of the gateway: Helix was put out, or moved. */
  readonly closedMs: number
  /** A voice server that went away, until another one is named. */
  readonly serverMs: number
  /** In any other state, until it is tried anew. */
  readonly stuckMs: number
}

export const connectionPatience: ConnectionPatience = {
  joinMs: 15_000,
  lostMs: 120_000,
  closedMs: 5_000,
  serverMs: 30_000,
  stuckMs: 15_000,
}

export interface ConnectionDeps {
  readonly guild: string
  readonly channel: string
  readonly adapter: DiscordGatewayAdapterCreator
  /** Connections of a process are kept by group and guild in @discordjs/voice. */
  readonly group: string
  readonly clock: Clock
  readonly log: Log
  readonly patience?: Partial<ConnectionPatience>
  /** Another session with a voice server: nothing of the one before holds. */
  readonly onSession: () => void
  /** It will not come back. */
  readonly onLost: () => void
}

/** A connection to a guild's voice that survives what can be survived. */
export interface KeptConnection {
  readonly voice: VoiceConnection
  readonly state: RoomFigures['state']
  /** False where it did not become ready in time. */
  joined(): Promise<boolean>
  /** A new session with the voice server. */
  renew(): void
  /** Leaves the channel. */
  close(): void
}

/**
 * @discordjs/voice resumes by itself (1006, 4015), identifies anew (4006) and follows Helix to another server. What it leaves to others is done
 * here: after 4014, after a voice server that went away and while the gateway is down it is tried again, and given up at last.
 */
export function keepConnection(deps: ConnectionDeps): KeptConnection {
  const { clock, log } = deps
  const patience = { ...connectionPatience, ...deps.patience }
  const pace = unhurried(deps.adapter, clock)
  const voice = joinVoiceChannel({
    guildId: deps.guild,
    channelId: deps.channel,
    group: deps.group,
    selfDeaf: false,
    selfMute: false,
    adapterCreator: pace.adapter,
  })
  const closed = new AbortController()
  let state: RoomFigures['state'] = 'connecting'
  let changed = new AbortController()

  function onState(before: VoiceConnectionState, now: VoiceConnectionState): void {
    changed.abort()
    changed = new AbortController()
    if (sessionOf(now) !== sessionOf(before)) deps.onSession()
    if (now.status === VoiceConnectionStatus.Destroyed) {
      finish()
    } else if (now.status === VoiceConnectionStatus.Ready) {
      state = 'ready'
      pace.settled()
    } else if (state === 'ready') {
      state = 'reconnecting'
      log.info({ guild: deps.guild, status: now.status }, 'the voice connection was lost')
      void recover()
    }
  }

  function finish(): void {
    if (closed.signal.aborted) return
    state = 'gone'
    closed.abort()
    deps.onLost()
  }

  function waitFor(now: VoiceConnectionState): number {
    if (now.status !== VoiceConnectionStatus.Disconnected) return patience.stuckMs
    if (now.reason === VoiceConnectionDisconnectReason.WebSocketClose) return patience.closedMs
    if (now.reason === VoiceConnectionDisconnectReason.EndpointRemoved) return patience.serverMs
    return pace.nextInMs()
  }

  /** Until it is ready, or the time is over; whenever nothing changes for too long, Discord is asked for it again. */
  async function retry(forMs: number): Promise<boolean> {
    const giveUpAt = clock.now().getTime() + forMs
    while (!closed.signal.aborted && voice.state.status !== VoiceConnectionStatus.Ready) {
      const left = giveUpAt - clock.now().getTime()
      if (left <= 0) return false
      const { signal } = changed
      await clock.sleep(Math.min(waitFor(voice.state), left), AbortSignal.any([signal, closed.signal]))
      if (!signal.aborted && !closed.signal.aborted) voice.rejoin()
    }
    return !closed.signal.aborted
  }

  async function recover(): Promise<void> {
    if ((await retry(patience.lostMs)) || closed.signal.aborted) return
    log.warn({ guild: deps.guild }, 'the voice connection was given up')
    leave()
    finish()
  }

  function leave(): void {
    if (voice.state.status !== VoiceConnectionStatus.Destroyed) voice.destroy()
  }

  voice.on('stateChange', onState)
  voice.on('error', (err) => log.warn({ err, guild: deps.guild }, 'the voice connection reports an error'))
  return {
    voice,
    get state() {
      return state
    },
    joined: () => retry(patience.joinMs),
    renew() {
      log.warn({ guild: deps.guild }, 'nothing that is said can be decrypted: the voice connection begins anew')
      voice.configureNetworking()
    },
    close() {
      state = 'gone'
      closed.abort()
      leave()
    },
  }
}

/** A session has one networking: resumed, it is the same. */
function sessionOf(state: VoiceConnectionState): unknown {
  return 'networking' in state ? state.networking : undefined
}
