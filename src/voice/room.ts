/** What a member said from the first packet to the silence after it; the member is fixed when it begins and never changes. */
export interface SpokenUtterance {
  /** Discord's id of the member. */
  readonly user: string
  /** Counts up in a room. */
  readonly number: number
  readonly startedAt: Date
  /**
   * Opus packets of 20 ms in the order they were spoken, lost ones as silence frames; ends with the silence, or when the member leaves,
   * withdraws the consent or has spoken for too long. Frames that could not be decrypted are not among them.
   */
  readonly packets: AsyncIterable<Uint8Array>
}

/** What a voice connection knows of itself, for `/voice doctor`. */
export interface RoomFigures {
  readonly state: 'connecting' | 'ready' | 'reconnecting' | 'gone'
  /** `aead_aes256_gcm_rtpsize`, `aead_xchacha20_poly1305_rtpsize`. */
  readonly transport: string | undefined
  /** DAVE's version, 0 where the call is not encrypted end to end. */
  readonly endToEnd: number | undefined
  readonly pingMs: number | undefined
  readonly packets: number
  readonly lost: number
  readonly undecryptable: number
  /** Streams that broke and were subscribed to again. */
  readonly resubscribed: number
}

/** What Helix says, while it says it. */
export interface Playback {
  /** `interrupted`: somebody spoke, or it was stopped. */
  readonly over: Promise<'finished' | 'interrupted'>
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
  /** From now on no more; what is being said is dropped. */
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

/** Voice channels of Discord. Throws UserError where the channel cannot be joined (no permission, full), UpstreamError where Discord does not let it. */
export interface VoiceRooms {
  join(where: { readonly guild: string; readonly channel: string }, events: RoomEvents): Promise<VoiceRoom>
  close(): Promise<void>
}
