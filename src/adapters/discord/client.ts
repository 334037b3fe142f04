import { Client, GatewayIntentBits, type GuildMember, Options, type User } from 'discord.js'
import { apiBase, restDefaults } from './rest.ts'

/**
 * A discord.js client that keeps guilds, channels, roles and voice states, and of members and users only itself: members come with
 * each interaction. Neither intent is privileged.
 */
export function createClient(apiUrl: string): Client {
  return new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildVoiceStates],
    allowedMentions: { parse: [] },
    rest: { api: apiBase(apiUrl), retries: restDefaults.retries, timeout: restDefaults.timeoutMs },
    makeCache: Options.cacheWithLimits({
      ApplicationCommandManager: 0,
      ApplicationEmojiManager: 0,
      AutoModerationRuleManager: 0,
      DMMessageManager: 0,
      EntitlementManager: 0,
      GuildBanManager: 0,
      GuildEmojiManager: 0,
      GuildInviteManager: 0,
      GuildMemberManager: { maxSize: 0, keepOverLimit: (member: GuildMember) => member.id === member.client.user.id },
      GuildMessageManager: 0,
      GuildScheduledEventManager: 0,
      GuildStickerManager: 0,
      MessageManager: 0,
      PresenceManager: 0,
      ReactionManager: 0,
      ReactionUserManager: 0,
      StageInstanceManager: 0,
      ThreadMemberManager: 0,
      UserManager: { maxSize: 0, keepOverLimit: (user: User) => user.id === user.client.user.id },
    }),
  })
}
