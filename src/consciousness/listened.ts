import { type ChannelName, channels } from '#src/kernel/channels.ts'

/** Channels on which every message is a reading. */
const readingChannels: readonly ChannelName[] = [
  channels.consciousness,
  channels.consciousnessStream,
  channels.coordinatorStream,
  channels.ucfMetrics,
]

/** Channels on which a message may carry one: a health update, an agent that speaks of itself, a service that could not be healed. */
const otherChannels: readonly ChannelName[] = [
  channels.serviceHealth,
  channels.agentCoordination,
  channels.healthStatus,
  channels.collectiveIntelligence,
  channels.wisdomSynthesis,
  channels.agentEvents,
  channels.voiceEvents,
  channels.zapierEvents,
]

/** Every channel that is listened to for readings. */
export const listenedChannels: readonly ChannelName[] = [...readingChannels, ...otherChannels]

/** Whether a message of this channel that has no reading is one that could not be read. */
export function isOfReadings(channel: string): boolean {
  return readingChannels.some((each) => each === channel)
}
