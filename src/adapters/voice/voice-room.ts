import { NetworkingStatusCode, VoiceConnectionStatus } from '@discordjs/voice'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import type { RoomEvents, RoomFigures, SpokenUtterance, VoiceRoom } from '#src/voice/room.ts'
import { type ConnectionDeps, keepConnection } from './connection.ts'
import { createEar, type Ear, type EarCounts } from './ear.ts'
import { createMouth } from './mouth.ts'
import { createRenewal } from './renewal.ts'
import { readRtpStamps } from './rtp-stamps.ts'
import type { UtteranceLimits } from './utterance.ts'
import type { VoiceChange, VoiceGateway } from './voice-gateway.ts'

export interface RoomDeps extends Pick<ConnectionDeps, 'guild' | 'channel' | 'adapter' | 'group' | 'patience'> {
  readonly gateway: VoiceGateway
  readonly clock: Clock
  readonly limits: UtteranceLimits
  readonly log: Log
  readonly events: RoomEvents
  readonly onOver: () => void
}

export interface OpenRoom {
  readonly room: VoiceRoom
  /** False where Discord did not let it in. */
  joined(): Promise<boolean>
  /** Leaves without a word. */
  close(): void
}

type Gone = Parameters<RoomEvents['onGone']>[0]

/** The gateway says of a deleted channel first that nobody is in it, and then that it is deleted; or the other way round. */
const WHY_MS = 1_000

export function openRoom(deps: RoomDeps): OpenRoom {
  const { guild, gateway, clock, log, events } = deps
  const ears = new Map<string, Ear>()
  const counts: EarCounts = { packets: 0, lost: 0, undecryptable: 0, unusable: 0, resubscribed: 0 }
  const gone = new AbortController()
  let channel = deps.channel
  let number = 0

  const connection = keepConnection({ ...deps, onSession: () => stamps.forget(), onLost: () => over('connection lost') })
  const { receiver } = connection.voice
  const mouth = createMouth({ connection: connection.voice, log })
  const stamps = readRtpStamps({ receiver, clock, onUndecryptable: (user, header) => ears.get(user)?.miss(header) })
  const renewal = createRenewal({ clock, renew: connection.renew })
  const unwatch = gateway.watch(guild, onChange)

  function over(why: Gone): void {
    if (close()) events.onGone(why)
  }

  function close(): boolean {
    if (gone.signal.aborted) return false
    gone.abort()
    unwatch()
    for (const ear of ears.values()) ear.close()
    ears.clear()
    mouth.close()
    connection.close()
    deps.onOver()
    return true
  }

  function onChange(change: VoiceChange): void {
    if (change.kind === 'channel deleted') {
      if (change.channel === channel) over('channel deleted')
    } else if (change.kind === 'member') {
      onMember(change)
    } else if (change.channel === undefined) {
      void onPutOut()
    } else if (change.channel !== channel) {
      onMoved(change.channel)
    }
  }

  function onMember({ user, from, to }: Extract<VoiceChange, { kind: 'member' }>): void {
    if (from === channel) {
      ears.get(user)?.interrupt()
      events.onMembers({ user, now: 'away' })
    } else if (to === channel) {
      events.onMembers({ user, now: 'here' })
    }
  }

  async function onPutOut(): Promise<void> {
    // Before the first answer it is the end of an earlier stay.
    if (connection.state === 'connecting') return
    await clock.sleep(WHY_MS, gone.signal)
    over('kicked')
  }

  function onMoved(to: string): void {
    channel = to
    for (const ear of ears.values()) ear.interrupt()
    mouth.interrupt()
    events.onMoved(to)
  }

  function onUtterance(utterance: SpokenUtterance): void {
    mouth.interrupt()
    events.onSpeaking(utterance.user)
    events.onUtterance(utterance)
  }

  function hear(user: string): void {
    if (gone.signal.aborted || ears.has(user)) return
    const nextNumber = () => ++number
    const { limits } = deps
    ears.set(user, createEar({ user, receiver, stamps, clock, limits, counts, renewal, nextNumber, onUtterance, log }))
  }

  function figures(): RoomFigures {
    const { state } = connection.voice
    const session = state.status === VoiceConnectionStatus.Ready ? state.networking.state : undefined
    const isReady = session?.code === NetworkingStatusCode.Ready
    return {
      ...counts,
      state: connection.state,
      transport: isReady ? session.connectionData.encryptionMode : undefined,
      endToEnd: isReady ? (session.dave?.protocolVersion ?? 0) : undefined,
      pingMs: connection.voice.ping.ws,
    }
  }

  const room: VoiceRoom = {
    guild,
    get channel() {
      return channel
    },
    members: () => gateway.membersIn(guild, channel),
    hear,
    ignore(user) {
      ears.get(user)?.close()
      ears.delete(user)
    },
    play: mouth.play,
    figures,
    async leave() {
      over('left')
    },
  }
  return { room, joined: connection.joined, close }
}
