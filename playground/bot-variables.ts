import { peers, peerVariable } from '#src/kernel/peers.ts'
import { echoProfile } from './agents/echo-agent.ts'
import { launchValues } from './discord/seed.ts'
import type { RailwayCredentials } from './railway/credentials.ts'

/** The bot's own variables, as a person would set them for the real vendors; only the URLs differ in kind. `services`: production's, by name. */
export function botVariables(
  url: string,
  railway: RailwayCredentials,
  services: Readonly<Record<string, string>>,
  google: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const discord = launchValues()
  return {
    DISCORD_API_URL: `${url}/api`,
    DISCORD_BOT_TOKEN: discord.botToken,
    DISCORD_CLIENT_ID: discord.applicationId,
    DISCORD_GUILD_ID: discord.guildId,
    HELIX_ROLES: Object.entries(discord.roles)
      .map(([role, id]) => `${id}:${role}`)
      .join(','),
    RAILWAY_API_URL: `${url}${railway.path}`,
    RAILWAY_API_TOKEN: railway.accountToken,
    RAILWAY_PROJECT_ID: railway.projectId,
    RAILWAY_ENVIRONMENT_ID: railway.environments.production?.id ?? '',
    RAILWAY_WEBHOOK_SECRET: railway.webhookSecret,
    ...Object.fromEntries(peers.flatMap((peer) => (services[peer] ? [[peerVariable[peer], services[peer]]] : []))),
    ...google,
    // So that rules, and an agent's requests, can be tried: what is not production goes by itself, and production asks for a rule that a person confirmed.
    HELIX_SERVICE_ROLES: `zapier-integration:deployer,agent:${echoProfile.agent_id}:deployer`,
    // What is broken on the page is told of soon.
    HELIX_HEALTH_INTERVAL_SECONDS: '5',
  }
}
