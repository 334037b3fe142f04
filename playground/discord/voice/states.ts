import { randomBytes } from 'node:crypto'
import { intent } from '../gateway/intents.ts'
import type { Channel, Member, VoiceState } from '../model.ts'
import { permission, permissionsOf } from '../permissions.ts'
import { voiceShape } from '../shapes.ts'
import type { World } from '../world.ts'

/** Whether a member may do that in the channel. */
export function may(world: World, user: string, channel: string | null, name: 'CONNECT' | 'SPEAK'): boolean {
  const member = world.members.get(user)
  const place = world.channels.get(channel ?? '')
  return member !== undefined && place !== undefined && (permissionsOf(member, world, place) & permission[name]) !== 0n
}

export interface Wish {
  readonly channel_id?: unknown
  readonly self_mute?: unknown
  readonly self_deaf?: unknown
}

export interface StatesDeps {
  readonly world: World
  /** To everybody who may know. */
  tell(event: string, data: unknown, needs: number): void
  /** Somebody came, went, or went elsewhere. */
  onMoved(user: string, from: string | null, to: string | null): void
}

/** Who is in which voice channel: https://docs.discord.com/developers/resources/voice */
export interface States {
  /** What op 4 asks for. Undefined where it is refused, which Discord does without a word. */
  wish(user: string, session: string, wish: Wish): VoiceState | undefined
  /** By the power of somebody else: into another channel, or out with null. False where there is nothing to do. */
  put(user: string, channel: string | null): boolean
  of(user: string): VoiceState | undefined
}

const voiceChannel = 2

export function createStates({ world, tell, onMoved }: StatesDeps): States {
  function set(state: VoiceState): VoiceState {
    const before = world.voice.get(state.user_id)?.channel_id ?? null
    if (state.channel_id) world.voice.set(state.user_id, state)
    else world.voice.delete(state.user_id)
    tell('VOICE_STATE_UPDATE', voiceShape(state, world), intent.voiceStates)
    if (before !== state.channel_id) onMoved(state.user_id, before, state.channel_id)
    return state
  }

  function hasRoom(channel: Channel, member: Member): boolean {
    const inside = [...world.voice.values()].filter(({ user_id, channel_id }) => channel_id === channel.id && user_id !== member.user.id)
    const limit = Number(channel.user_limit ?? 0)
    return limit === 0 || inside.length < limit || (permissionsOf(member, world, channel) & permission.MOVE_MEMBERS) !== 0n
  }

  return {
    of: (user) => world.voice.get(user),
    wish(user, session, { channel_id, self_mute, self_deaf }) {
      const member = world.members.get(user)
      const channel = world.channels.get(String(channel_id))
      if (!member || (channel_id && channel?.type !== voiceChannel)) return undefined
      const stays = channel?.id === world.voice.get(user)?.channel_id
      if (channel && !stays && !(may(world, user, channel.id, 'CONNECT') && hasRoom(channel, member))) return undefined
      if (!channel && !world.voice.has(user)) return undefined
      const state = { user_id: user, channel_id: channel?.id ?? null, session_id: session }
      return set({ ...state, self_mute: Boolean(self_mute), self_deaf: Boolean(self_deaf) })
    },
    put(user, channel) {
      const before = world.voice.get(user)
      if (!before || before.channel_id === channel) return false
      set({ ...before, channel_id: channel })
      return true
    },
  }
}

/** A session for a member who speaks without a client of their own. */
export function newSessionId(): string {
  return randomBytes(16).toString('hex')
}
