import type { Call } from '#src/kernel/call.ts'
import type { Report } from '#src/kernel/report.ts'
import type { RoomFigures } from './room.ts'
import type { SpeechBudgetState } from './speech-budget.ts'
import type { VoiceSettings } from './voice-settings.ts'

/** Helix in a guild's voice channel, at this moment. */
export interface VoiceStatus {
  /** As they are called. */
  readonly voiceChannel: string
  readonly textChannel: string
  readonly since: Date
  /** Members in the channel, without bots. */
  readonly members: number
  /** Names of those who are heard. */
  readonly listeningTo: readonly string[]
  /** Changes that wait for a yes. */
  readonly waiting: number
}

/** What there is to know where voice does not work as it should. */
export interface VoiceExamination {
  /** Of the connection; undefined: Helix is in no voice channel. */
  readonly figures: RoomFigures | undefined
  /** From the end of what was said to its words, in ms, of the last utterances. */
  readonly latencies: readonly number[]
  /** Who understands and speaks, or what is missing for that. */
  readonly speech: { readonly by: string } | { readonly missing: string }
  readonly budget: SpeechBudgetState
  readonly settings: VoiceSettings
}

/** Helix in voice channels: one in a guild at a time. */
export interface Voice {
  /**
   * Into the channel that the caller is in, which counts as the caller's consent. Throws UserError where the caller is in none, where Helix is in
   * another, or where nothing could be understood; what joining throws. Answers the notice that everybody reads.
   */
  join(call: Call): Promise<Report>
  /** Answers what the channel is called that it left. Throws UserError where it is in none. */
  leave(call: Call): Promise<string>
  /** How a channel is called. */
  channelName(guild: string, channel: string): string
  status(guild: string): VoiceStatus | undefined
  examine(guild: string): Promise<VoiceExamination>
  /** Since when this member may be heard. */
  consent(guild: string, user: string): Promise<Date | undefined>
  /** From now on this member may be heard. Answers whether Helix hears them at this moment. */
  optIn(guild: string, user: string): Promise<boolean>
  /** From now on no more, at once; what was kept of what they said is forgotten. Answers how many transcripts. */
  optOut(guild: string, user: string): Promise<number>
  /** What this member says next needs no wake word. Throws UserError where they are not heard. */
  attend(guild: string, user: string): void
  settings(guild: string): Promise<VoiceSettings>
  /** Throws UserError where a value cannot be: no such voice, a channel that Helix cannot write in. */
  change(guild: string, changed: Partial<VoiceSettings>): Promise<VoiceSettings>
  /** After a start: back into the channels where somebody may be heard; told in the text channel either way. */
  resume(): Promise<void>
  /** An operation came to its end. */
  settled(operation: string): Promise<void>
  /** Forgets what the guilds' policies no longer keep. */
  prune(): Promise<void>
  /** Leaves all channels, to come back at the next start. */
  stop(): Promise<void>
}
