import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ActionRowBuilder,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  type Client,
  EmbedBuilder,
  Events,
  type Interaction,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  SlashCommandBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DiscordUser } from '#test/support/discord-user.ts'
import { type RunningDiscord, startDiscord, values } from './running-discord.ts'

const commands = [
  new SlashCommandBuilder()
    .setName('say')
    .setDescription('Says it back')
    .addStringOption((option) => option.setName('what').setDescription('What to say').setRequired(true).setAutocomplete(true)),
  new SlashCommandBuilder().setName('later').setDescription('Answers after a deferral'),
  new SlashCommandBuilder().setName('secret').setDescription('Only you see it'),
  new SlashCommandBuilder().setName('picture').setDescription('Shows a picture'),
  new SlashCommandBuilder().setName('panel').setDescription('Buttons and a menu'),
  new SlashCommandBuilder().setName('form').setDescription('Opens a modal'),
  new SlashCommandBuilder()
    .setName('env')
    .setDescription('Variables')
    .addSubcommand((sub) =>
      sub
        .setName('set')
        .setDescription('Sets one')
        .addIntegerOption((option) => option.setName('count').setDescription('How many').setRequired(true)),
    ),
]

const row = () =>
  new ActionRowBuilder<ButtonBuilder>().addComponents(
    new ButtonBuilder().setCustomId('update').setLabel('Update').setStyle(ButtonStyle.Primary),
    new ButtonBuilder().setCustomId('defer').setLabel('Defer').setStyle(ButtonStyle.Secondary),
    new ButtonBuilder().setCustomId('more').setLabel('More').setStyle(ButtonStyle.Secondary),
    new ButtonBuilder().setCustomId('ask').setLabel('Ask').setStyle(ButtonStyle.Danger),
  )
const menu = () =>
  new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(
    new StringSelectMenuBuilder()
      .setCustomId('pick')
      .setPlaceholder('Pick one')
      .addOptions({ label: 'One', value: '1' }, { label: 'Two', value: '2' }),
  )
const modal = () =>
  new ModalBuilder()
    .setCustomId('form')
    .setTitle('A form')
    .addLabelComponents(
      new LabelBuilder().setLabel('Name').setTextInputComponent(new TextInputBuilder().setCustomId('name').setStyle(TextInputStyle.Short)),
    )

/** A bot that does with everything what its name says. */
async function answer(interaction: Interaction): Promise<unknown> {
  if (interaction.isAutocomplete()) {
    const typed = interaction.options.getFocused()
    return interaction.respond([{ name: `${typed}!`, value: `${typed}!` }])
  }
  if (interaction.isModalSubmit()) {
    const content = `Hello ${interaction.fields.getTextInputValue('name')}`
    return interaction.isFromMessage() ? interaction.update({ content }) : interaction.reply({ content })
  }
  if (interaction.isStringSelectMenu()) return interaction.update({ content: `picked ${interaction.values}` })
  if (interaction.isButton()) {
    if (interaction.customId === 'update') return interaction.update({ content: 'updated', components: [row()] })
    if (interaction.customId === 'more') return interaction.reply({ content: 'more', flags: MessageFlags.Ephemeral })
    if (interaction.customId === 'ask') return interaction.showModal(modal())
    await interaction.deferUpdate()
    return interaction.editReply({ content: 'deferred and updated' })
  }
  if (!interaction.isChatInputCommand()) return undefined
  const { commandName: name } = interaction
  if (name === 'say') return interaction.reply(interaction.options.getString('what', true))
  if (name === 'secret') return interaction.reply({ content: 'a secret', flags: MessageFlags.Ephemeral })
  if (name === 'env') return interaction.reply(`${interaction.options.getSubcommand()} ${interaction.options.getInteger('count')}`)
  if (name === 'panel') return interaction.reply({ content: 'panel', components: [row(), menu()] })
  if (name === 'form') return interaction.showModal(modal())
  if (name === 'picture') {
    const embed = new EmbedBuilder().setTitle('Picture').setImage('attachment://dot.png')
    return interaction.reply({ embeds: [embed], files: [new AttachmentBuilder(Buffer.from('not really'), { name: 'dot.png' })] })
  }
  await interaction.deferReply()
  await interaction.editReply('first')
  await interaction.editReply({ embeds: [new EmbedBuilder().setTitle('Done').addFields({ name: 'a', value: 'b' })] })
  return interaction.followUp('one more thing')
}

describe('unmodified discord.js 14 against the emulated Discord', () => {
  let discord: RunningDiscord
  let bot: Client<true>
  let user: DiscordUser
  const errors: unknown[] = []

  beforeAll(async () => {
    discord = await startDiscord()
    bot = await discord.bot((client) => {
      client.on(Events.InteractionCreate, (interaction) => answer(interaction).catch((error: unknown) => errors.push(error)))
      client.on(Events.Error, (error) => errors.push(error))
    })
    await bot.application.commands.set(
      commands.map((command) => command.toJSON()),
      values.guildId,
    )
    user = await discord.user()
  })
  afterAll(async () => {
    await discord.close()
    expect(errors).toEqual([])
  })

  test('logs in and knows its guild, roles, channels and own permissions', () => {
    const guild = bot.guilds.cache.get(values.guildId)
    expect(guild?.available).toBe(true)
    expect(guild?.channels.cache.map(({ name }) => name)).toEqual(['general', 'ops', 'alerts', 'Bridge', 'War room'])
    expect(guild?.roles.cache.get(values.roles.deployer)?.name).toBe('Deployer')
    expect(guild?.members.me?.permissions.has('SendMessages')).toBe(true)
  })

  test('answers a slash command at once', async () => {
    expect((await user.slash('say', { what: 'hello' })).text).toBe('hello')
  })

  test('answers after a deferral, edits, and follows up', async () => {
    const begun = await user.begin('later')
    expect(begun.data.type).toBe(20)
    const done = await begun.until(({ text }) => text.includes('Done'))
    expect(done.text).toBe('first\nDone\na: b')
    const more = await user.message(({ text }) => text === 'one more thing')
    expect(more.data).toMatchObject({ type: 19, message_reference: { message_id: done.id } })
  })

  test('shows an ephemeral answer to its asker alone', async () => {
    const other = await discord.user('playground-viewer')
    const secret = await user.slash('secret')
    expect(secret.ephemeral).toBe(true)
    const plain = await user.slash('say', { what: 'after the secret' })
    await other.message(({ id }) => id === plain.id)
    expect(other.events.filter(({ t }) => t === 'MESSAGE_CREATE')).toHaveLength(1)
    expect((await other.messages()).map(({ id }) => id)).not.toContain(secret.id)
    expect((await user.messages()).map(({ id }) => id)).toContain(secret.id)
  })

  test('completes an option while it is typed', async () => {
    expect(await user.autocomplete('say', { what: 'dep' }, 'what')).toEqual([{ name: 'dep!', value: 'dep!' }])
  })

  test('runs a subcommand with typed options', async () => {
    expect((await user.slash('env set', { count: 3 })).text).toBe('set 3')
  })

  test('answers buttons: update, deferred update, a new ephemeral message', async () => {
    const panel = await user.slash('panel')
    expect((await user.press(panel, 'Update')).text).toBe('updated')
    expect((await user.press(panel, 'Defer')).text).toBe('deferred and updated')
    const more = await user.press(panel, 'More')
    expect([more.text, more.ephemeral]).toEqual(['more', true])
  })

  test('answers a select menu', async () => {
    expect((await user.choose(await user.slash('panel'), 'Pick one', ['2'])).text).toBe('picked 2')
  })

  test('opens a modal from a command and answers its submission', async () => {
    const form = await user.slashForModal('form')
    expect(form.title).toBe('A form')
    expect((await user.submit(form, { name: 'Ada' })).text).toBe('Hello Ada')
  })

  test('opens a modal from a button and updates the message it stands on', async () => {
    const panel = await user.slash('panel')
    const form = await user.pressForModal(panel, 'Ask')
    const updated = await user.submit(form, { name: 'Bo' })
    expect([updated.id, updated.text]).toEqual([panel.id, 'Hello Bo'])
  })

  test('uploads a file that an embed shows, served at a link', async () => {
    const shown = await user.slash('picture')
    const image = shown.data.embeds[0]?.image?.url ?? ''
    const file = await fetch(image)
    expect([file.status, file.headers.get('content-type'), await file.text()]).toEqual([200, 'image/png', 'not really'])
  })

  test('sends, edits, pins, threads and deletes messages in channels', async () => {
    const channel = await bot.channels.fetch(user.channel('ops'))
    if (!channel?.isSendable() || channel.isDMBased() || !('threads' in channel)) throw new Error('no text channel')
    const message = await channel.send({ content: 'a', nonce: '77', enforceNonce: true })
    expect((await channel.send({ content: 'a', nonce: '77', enforceNonce: true })).id).toBe(message.id)
    await message.edit('b')
    await message.pin()
    expect((await channel.messages.fetchPins()).items.map((item) => item.message.id)).toEqual([message.id])
    const thread = await message.startThread({ name: 'details' })
    await thread.send('inside')
    await thread.setArchived(true)
    await message.react('✅')
    const live = await user.message(({ id }) => id === message.id)
    await live.until(({ data }) => data.content === 'b' && data.pinned)
    await message.delete()
    await live.until(({ deleted }) => deleted)
  })

  test('sees who is in a voice channel', async () => {
    const seen = new Promise((resolve) => bot.once(Events.VoiceStateUpdate, (_, state) => resolve([state.id, state.channel?.name])))
    user.voice('Bridge')
    expect(await seen).toEqual([user.id, 'Bridge'])
  })

  test('reads application, commands, members and roles', async () => {
    await bot.application.fetch()
    const registered = await bot.application.commands.fetch({ guildId: values.guildId })
    expect(registered.size).toBe(commands.length)
    const guild = await bot.guilds.fetch({ guild: values.guildId, force: true })
    await guild.channels.fetch()
    await guild.roles.fetch()
    const member = await guild.members.fetch({ user: user.id, force: true })
    expect(member.permissions.has('Administrator')).toBe(true)
  })

  const contracts = process.env.HELIX_CONTRACTS
  test.skipIf(!contracts)('sends and is answered what Discord describes (left out where HELIX_CONTRACTS names no folder)', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'discord-recording-'))
    const file = join(folder, 'discord.jsonl')
    await writeFile(file, discord.lines.join('\n'))
    const checker = spawnSync(process.execPath, [join(contracts ?? '', 'discord-check.mjs'), file], { encoding: 'utf8' })
    await rm(folder, { recursive: true })
    expect(checker.stdout).toMatch(/\b0 invalid/)
  })

  test('asks for nothing that the playground does not emulate', () => {
    expect(discord.emulator.state().unserved).toEqual([])
  })
})
