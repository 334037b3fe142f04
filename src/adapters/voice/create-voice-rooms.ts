import { randomUUID } from 'node:crypto'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError, UserError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { RoomEvents, VoiceRoom, VoiceRooms } from '#src/voice/room.ts'
import type { ConnectionPatience } from './connection.ts'
import type { UtteranceLimits } from './utterance.ts'
import type { VoiceGateway } from './voice-gateway.ts'
import type { OpenRoom } from './voice-room.ts'

export interface VoiceRoomsDeps {
  readonly gateway: VoiceGateway
  readonly clock: Clock
  readonly log: Log
  readonly limits?: Partial<UtteranceLimits>
  readonly patience?: Partial<ConnectionPatience>
}

export const utteranceDefaults: UtteranceLimits = { silenceMs: 500, longestMs: 60_000 }

/** Voice channels through @discordjs/voice. Nothing of it is loaded before the first join. */
export function createVoiceRooms({ gateway, clock, log, limits, patience }: VoiceRoomsDeps): VoiceRooms {
  const rooms = new Map<string, OpenRoom>()
  const joining = new Set<string>()
  const group = randomUUID()
  let closed = false

  async function open(guild: string, channel: string, events: RoomEvents): Promise<VoiceRoom> {
    const { openRoom } = await import('./voice-room.ts')
    const adapter = checked(gateway, guild, channel)
    const opened = openRoom({
      ...{ guild, channel, adapter, group, gateway, clock, log, events },
      ...(patience && { patience }),
      limits: { ...utteranceDefaults, ...limits },
      onOver: () => rooms.delete(guild),
    })
    if ((await opened.joined()) && !closed) {
      rooms.set(guild, opened)
      return opened.room
    }
    opened.close()
    throw unreachable()
  }

  return {
    async join({ guild, channel }, events) {
      const known = rooms.get(guild)
      if (known) throw new UserError('Helix is in another voice channel already.')
      if (joining.has(guild)) throw new UserError('Helix is joining already.')
      joining.add(guild)
      try {
        return await open(guild, channel, events)
      } finally {
        joining.delete(guild)
      }
    },
    async close() {
      closed = true
      for (const { room } of [...rooms.values()]) await room.leave()
    },
  }
}

/** Throws UserError where Helix cannot be in that channel. */
function checked(gateway: VoiceGateway, guild: string, id: string) {
  const channel = gateway.channel(guild, id)
  const adapter = gateway.adapter(guild)
  if (!channel || !adapter) throw new UserError('Helix does not see that voice channel.')
  if (channel.kind !== 'voice') throw new UserError(`Helix joins voice channels only, and ${channel.name} is none.`)
  const [lack] = channel.lacks
  if (lack) throw new UserError(`Helix lacks the permission ${permissionNames[lack]} in ${channel.name}.`)
  if (channel.full) throw new UserError(`${channel.name} is full.`)
  return adapter
}

const permissionNames = { ViewChannel: 'View Channel', Connect: 'Connect', Speak: 'Speak' } as const

function unreachable(): UpstreamError {
  const fault = { provider: 'Discord', operation: 'join voice channel', retryable: true, outcome: 'ambiguous' } as const
  return new UpstreamError('Discord did not let Helix into the voice channel in time.', fault)
}
