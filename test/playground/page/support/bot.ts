import {
  type ChatInputCommandInteraction,
  Client,
  Events,
  GatewayIntentBits,
  type Interaction,
  MessageFlags,
  REST,
  Routes,
} from 'discord.js'
import { commands } from './bot-commands.ts'
import { card, chart, form, picker } from './bot-messages.ts'
import { applicationId, botToken, guildId, type TestPlayground } from './playground.ts'

export interface TestBot {
  /** What it was asked to run: `deploy {"service":"…"}`. */
  readonly ran: readonly string[]
  /** Lets the deploy that waits go on to its end. */
  finish(): void
  close(): Promise<void>
}

const services = ['websocket-streaming', 'agent-orchestrator', 'voice-processor']

/** An unmodified discord.js that answers in every way the page must show. */
export async function openBot({ url }: Pick<TestPlayground, 'url'>): Promise<TestBot> {
  const rest = { api: `${url}/api` }
  const ran: string[] = []
  let waiting = Promise.withResolvers<void>()
  await new REST(rest).setToken(botToken).put(Routes.applicationGuildCommands(applicationId, guildId), { body: commands })
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest })
  const failures: unknown[] = []
  client.on(Events.InteractionCreate, (interaction) => void answer(interaction).catch((error: unknown) => failures.push(error)))
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve))
  await client.login(botToken)
  await ready

  async function answer(interaction: Interaction): Promise<void> {
    if (interaction.isAutocomplete()) {
      const { name, value } = interaction.options.getFocused(true)
      const found = name === 'service' ? services.filter((service) => service.includes(value)) : []
      await interaction.respond(found.map((service) => ({ name: service, value: service })))
    } else if (interaction.isChatInputCommand()) await run(interaction)
    else if (interaction.isModalSubmit()) {
      const name = interaction.fields.getTextInputValue('name')
      await interaction.reply({ content: `Saved **${name}**`, flags: MessageFlags.Ephemeral })
    } else if (interaction.isStringSelectMenu())
      await interaction.update({ content: `Chosen: ${interaction.values.join(', ')}`, components: [] })
    else if (interaction.isButton() && interaction.customId === 'confirm')
      await interaction.update({ content: 'Confirmed.', components: [] })
    // The button `fail` is never answered.
  }

  async function run(interaction: ChatInputCommandInteraction): Promise<void> {
    const options = Object.fromEntries(interaction.options.data.map(({ name, value }) => [name, value]))
    ran.push(`${interaction.commandName} ${JSON.stringify(options)}`)
    if (interaction.commandName === 'deploy') {
      await interaction.deferReply()
      await waiting.promise
      await interaction.editReply(card(String(options.service), interaction.user.id))
    } else if (interaction.commandName === 'status') await interaction.reply({ content: 'All is **well**.', flags: MessageFlags.Ephemeral })
    else if (interaction.commandName === 'form') await interaction.showModal(form)
    else if (interaction.commandName === 'pick') await interaction.reply({ content: 'Which one?', components: [picker] })
    else if (interaction.commandName === 'metrics') await interaction.reply(chart)
    else if (interaction.commandName !== 'silent') await interaction.reply('Done.')
  }

  return {
    ran,
    finish() {
      waiting.resolve()
      waiting = Promise.withResolvers()
    },
    async close() {
      await client.destroy()
      if (failures.length > 0) throw new AggregateError(failures, 'the bot could not answer')
    },
  }
}
