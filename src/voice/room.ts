/**
 * How an utterance ended. `too long`: it was cut, and the rest is not heard until the member pauses. `dropped`: the member left or withdrew the
 * consent, or the room is over: nothing of it may be used any more.
 */
export type UtteranceEnd = 'silence' | 'too long' | 'dropped'

/** What a member said from the first packet to the silence after it; the member is fixed when it begins and never changes. */
export interface SpokenUtterance {
  /** Discord's id of the member. */
  readonly user: string
  /** Counts up in a room. */
  readonly number: number
  readonly startedAt: Date
  /**
   * Opus packets of 20 ms in the order they were spoken, lost ones and pauses as silence frames; ends with the silence, or when the member
   * leaves, withdraws the consent or has spoken for too long. Frames that could not be decrypted are not among them. To be read once.
   */
  readonly packets: AsyncIterable<Uint8Array>
  /** Resolves when nothing more will be said in it. */
  readonly ended: Promise<UtteranceEnd>
}

/** What a voice connection knows of itself, for `/voice doctor`. */
export interface RoomFigures {
  readonly state: 'connecting' | 'ready' | 'reconnecting' | 'gone'
  /** `aead_aes256_gcm_rtpsize`, `aead_xchacha20_poly1305_rtpsize`. */
  readonly transport: string | undefined
  /** DAVE's version, 0 where the call is not encrypted end to end. */
  readonly endToEnd: number | undefined
  readonly pingMs: number | undefined
  /** Of members who are heard. */
  readonly packets: number
  /** Missing in what arrived, by their numbers. */
  readonly lost: number
  /** Arrived, but could not be decrypted: the call's encryption was being set up, or a packet was damaged. */
  readonly undecryptable: number
  /** Decrypted, but no speech: nothing but zeros, or no Opus. */
  readonly unusable: number
  /** Streams that broke and were subscribed to again. */
  readonly resubscribed: number
}

/** What Helix says, while it says it. */
export interface Playback {
  /** `interrupted`: somebody spoke, or it was stopped. `failed`: it was no Ogg Opus. */
  readonly over: Promise<'finished' | 'interrupted' | 'failed'>
  stop(): void
}

/** Helix in one voice channel. */
export interface VoiceRoom {
  readonly guild: string
  readonly channel: string
  /** The members in the channel, without bots. */
  members(): readonly string[]
  /** From now on this member is heard. Nobody is before. */
  hear(user: string): void
  /** From now on no more; what the member is saying is dropped. */
  ignore(user: string): void
  /** Ogg Opus, played without re-encoding, one after the other. */
  play(ogg: Uint8Array): Playback
  figures(): RoomFigures
  leave(): Promise<void>
}

export interface RoomEvents {
  readonly onUtterance: (utterance: SpokenUtterance) => void
  /** A member who is heard begins to speak: whatever Helix says ends. */
  readonly onSpeaking: (user: string) => void
  readonly onMembers: (change: { readonly user: string; readonly now: 'here' | 'away' }) => void
  readonly onMoved: (channel: string) => void
  /** The connection is over and will not come back by itself: kicked, channel deleted, given up. Told once. */
  readonly onGone: (reason: 'kicked' | 'channel deleted' | 'connection lost' | 'left') => void
}

/** Voice channels of Discord: one room in a guild at a time. */
export interface VoiceRooms {
  /**
   * Resolves when Helix is in the channel and hears. Throws UserError where the channel cannot be joined (no permission, full, Helix is in another
   * one already), UpstreamError where Discord does not let it.
   */
  join(where: { readonly guild: string; readonly channel: string }, events: RoomEvents): Promise<VoiceRoom>
  close(): Promise<void>
}
