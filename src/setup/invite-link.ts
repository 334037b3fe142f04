/** What Helix does in a server: view, send, embed, attach, history, threads and sending in them, connect, speak. */
const permissions = 309_240_908_800n

/** Opens Discord's page on which an administrator adds the bot to a server. https://discord.com/developers/docs/topics/oauth2#bot-authorization-flow */
export function inviteLink(applicationId: string): string {
  const link = new URL('https://discord.com/oauth2/authorize')
  link.search = new URLSearchParams({
    client_id: applicationId,
    scope: 'bot applications.commands',
    permissions: permissions.toString(),
    integration_type: '0',
  }).toString()
  return link.href
}
