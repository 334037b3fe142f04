import { Client, Events, GatewayIntentBits } from 'discord.js'

/** The baseline of acknowledgements: a discord.js bot that defers, and does nothing else. */
const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildVoiceStates],
  rest: { api: process.env.DISCORD_API_URL ?? '' },
})
client.on(Events.InteractionCreate, (interaction) => {
  if (interaction.isChatInputCommand()) interaction.deferReply({ withResponse: true }).catch((error) => client.emit(Events.Error, error))
})
client.once(Events.ClientReady, () => process.send?.({ ready: true }))
await client.login(process.env.DISCORD_BOT_TOKEN)
