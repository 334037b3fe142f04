import type { User } from '#playground/page/wire.ts'

/** Somebody in a voice channel. */
export interface VoiceState {
  readonly user: string
  readonly channel: string
  readonly muted: boolean
}

interface WireVoiceState {
  readonly user_id: string
  readonly channel_id: string | null
  readonly self_mute?: boolean
  readonly member?: { readonly user?: User }
}

export function readVoiceStates(states: readonly WireVoiceState[] = []): readonly VoiceState[] {
  return states.flatMap((state) => readVoiceState(state) ?? [])
}

/** VOICE_STATE_UPDATE: came, went, moved or muted. Those who are there stand in the order in which they came. */
export function withVoiceState(before: readonly VoiceState[], update: WireVoiceState): readonly VoiceState[] {
  const state = readVoiceState(update)
  const stays = before.findIndex(({ user, channel }) => user === state?.user && channel === state.channel)
  if (state && stays !== -1) return before.with(stays, state)
  return [...before.filter(({ user }) => user !== update.user_id), ...(state ? [state] : [])]
}

function readVoiceState({ user_id, channel_id, self_mute = false }: WireVoiceState): VoiceState | undefined {
  return channel_id === null ? undefined : { user: user_id, channel: channel_id, muted: self_mute }
}
