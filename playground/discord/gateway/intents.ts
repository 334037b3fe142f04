/** https://docs.discord.com/developers/events/gateway#gateway-intents */
export const intent = {
  guilds: 1,
  guildMembers: 2,
  voiceStates: 128,
  presences: 256,
  guildMessages: 512,
  reactions: 1024,
  typing: 2048,
  messageContent: 32768,
} as const

/** Those that an application must be granted; this one has none of them. */
const privileged = intent.guildMembers | intent.presences | intent.messageContent
const known = 0b11_0000_0001_1111_1111_1111_1111

/** The close code for intents that cannot be had: 4013 unknown, 4014 not granted. */
export function refusedIntents(intents: unknown): 4013 | 4014 | undefined {
  if (typeof intents !== 'number' || !Number.isInteger(intents) || intents < 0 || (intents & ~known) !== 0) return 4013
  return (intents & privileged) !== 0 ? 4014 : undefined
}
