import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDiscordCommands } from '#src/adapters/discord/commands.ts'
import type { DiscordGateway, IncomingInteraction } from '#src/adapters/discord/discord.ts'
import { createDiscordGateway } from '#src/adapters/discord/gateway.ts'
import { createDiscordMessages } from '#src/adapters/discord/messages.ts'
import { createAnswer } from '#src/doors/answer.ts'
import { createButton } from '#src/doors/button.ts'
import { renderReport } from '#src/doors/render/render-report.ts'
import { createSlash } from '#src/doors/slash.ts'
import { slashPayload } from '#src/doors/slash-payload.ts'
import { Denied } from '#src/guards/permission-guard.ts'
import { systemClock } from '#src/kernel/clock.ts'
import type { CommandBook } from '#src/kernel/command-book.ts'
import { InteractionGone } from '#src/kernel/errors.ts'
import { loadCommands } from '#src/kernel/load.ts'
import type { Report } from '#src/kernel/report.ts'
import { typicalReports } from '#test/doors/render/typical-reports.ts'
import { type RunningDiscord, startDiscord, values } from '#test/playground/discord/running-discord.ts'
import type { DiscordUser } from '#test/support/discord-user.ts'
import { quietLog } from '#test/support/quiet-log.ts'

/** The adapter, the renderer and the slash payload against a Discord that refuses what Discord refuses. */
let discord: RunningDiscord
let gateway: DiscordGateway
let sam: DiscordUser
/** What the test does with the next interaction. */
let next: (incoming: IncomingInteraction) => Promise<void>
const log = quietLog()
const render = (report: Report) => renderReport(report, { customId: async ({ label }) => `id:${label}` })
const parts = () => ({ token: values.botToken, apiUrl: `${discord.url}/api`, log })

beforeAll(async () => {
  discord = await startDiscord()
  const payload = slashPayload(await loadCommands(new URL('../../../commands/', import.meta.url)))
  const commands = createDiscordCommands({ ...parts(), applicationId: values.applicationId })
  expect(await commands.register(payload, values.guildId)).toHaveLength(payload.length)
  expect(await commands.register(payload, values.guildId)).toEqual([])
  gateway = createDiscordGateway({ ...parts(), clock: systemClock() })
  await gateway.start((name, happened) => {
    if (name === 'discord.interaction') void next(happened as IncomingInteraction)
  })
  sam = await discord.user('playground-admin')
})

afterAll(async () => {
  await gateway?.stop()
  await discord?.close()
})

test.each(Object.entries(typicalReports))('%s is an answer that Discord takes and the member sees', async (_, report) => {
  next = async (incoming) => {
    if (incoming.kind !== 'command') return
    await incoming.acknowledge('public')
    await incoming.answer(await render(report))
  }
  const message = await sam.slash('status')
  expect(message.text).toContain(report.title)
  expect(message.buttons).toEqual((report.actions ?? []).map(({ label }) => label))
})

test('the id that the acknowledgement gives is the message that REST edits, files going and coming', async () => {
  const messages = createDiscordMessages(parts())
  let edited: Promise<void> | undefined
  next = async (incoming) => {
    if (incoming.kind !== 'command') return
    const ref = await incoming.acknowledge('public')
    await incoming.answer(await render(typicalReports.metrics!))
    edited = messages.edit(ref!, await render(typicalReports['deploy-done']!))
  }
  const message = await sam.slash('status')
  await message.until(({ text }) => text.includes('voice-processor is deployed'))
  await edited
  expect(message.data.attachments).toEqual([])
  expect(message.buttons).toEqual(['Logs', 'Roll back'])
})

test('a message that is created twice with one nonce stands once', async () => {
  const messages = createDiscordMessages(parts())
  const body = await render(typicalReports.services!)
  const first = await messages.create(sam.channel('ops'), body, 'nonce-1')
  expect(await messages.create(sam.channel('ops'), body, 'nonce-1')).toEqual(first)
})

test('a thread is opened on a message once, taken up again when it was archived, and a role is notified by its mention alone', async () => {
  const messages = createDiscordMessages(parts())
  const { operator, admin } = values.roles
  const called = { content: `<@&${operator}> <@&${admin}> @everyone down`, embeds: [], components: [], mentions: [operator] }
  const ref = await messages.create((await messages.systemChannel(values.guildId))!, called, 'nonce-thread')
  const told = await sam.message(({ id }) => id === ref.message)
  expect(told.channel).toBe(sam.channel('alerts'))
  expect(told.data).toMatchObject({ mention_roles: [operator], mention_everyone: false })
  const thread = await messages.openThread(ref, 'Incident 1: api')
  expect(await messages.openThread(ref, 'another')).toBe(thread)
  const note = { content: 'Ada acknowledged it.', embeds: [], components: [] }
  await messages.create(thread, note, 'nonce-note-1')
  await discord.fault('archive-thread', { thread })
  await expect(messages.create(thread, note, 'nonce-note-2')).rejects.toMatchObject({ fault: { code: 50083 } })
  await messages.reopenThread(thread)
  expect(await messages.create(thread, note, 'nonce-note-2')).toMatchObject({ channel: thread })
  await discord.fault('archive-thread', { thread, locked: true })
  await expect(messages.create(thread, note, 'nonce-note-3')).rejects.toMatchObject({ fault: { code: 160005 } })
  await messages.remove(ref)
  await told.until(({ deleted }) => deleted)
})

test('old messages are edited only so often: the refusal says how long to wait', async () => {
  const messages = createDiscordMessages(parts())
  const ref = await messages.create(sam.channel('ops'), { content: '0', embeds: [], components: [] }, 'nonce-old')
  await discord.fault('age-message', { message: ref.message })
  const edits = Array.from({ length: 4 }, (_, at) => messages.edit(ref, { content: String(at), embeds: [], components: [] }))
  const refused = (await Promise.allSettled(edits)).filter((edit) => edit.status === 'rejected')
  expect(refused).toHaveLength(1)
  expect(refused[0]!.reason).toMatchObject({ fault: { outcome: 'refused', retryable: true, status: 429, code: 30046 } })
})

test('a whisper before the answer leaves no loading message to the others', async () => {
  next = async (incoming) => {
    if (incoming.kind !== 'command') return
    await incoming.acknowledge('public')
    await incoming.whisper(await render(typicalReports['unknown-service']!))
  }
  const loading = await sam.begin('status')
  await loading.until(({ deleted }) => deleted)
})

test('who may not do something is told so alone, typed or pressed, and nothing of it stays in the channel', async () => {
  const dispatch = () => Promise.reject(new Denied('/status needs the Helix role operator.'))
  const place = { guild: values.guildId, project: 'p', environment: 'e' }
  const places = { of: () => place } as never
  const delivery = { newest: async () => undefined, adopted: async () => {} }
  const given = { places, dispatch, answer: createAnswer({ render, delivery, log }) }
  const book = new Map([['status', { answer: 'public', doors: ['slash'] }]]) as unknown as CommandBook
  const slash = createSlash({ ...given, book })
  const references = { open: () => ({ answer: 'public' }), resolve: async () => ({ place, action: {} }) } as never
  const button = createButton({ ...given, references })

  next = async (incoming) => {
    if (incoming.kind !== 'command') return
    await incoming.acknowledge('public')
    await incoming.answer(await render(typicalReports.confirm!))
  }
  const asked = await sam.slash('status')
  const answers = [
    async () => {
      next = async (incoming) => void (incoming.kind === 'command' && (await slash(incoming)))
      return sam.slash('status')
    },
    async () => {
      next = async (incoming) => void (incoming.kind === 'button' && (await button(incoming)))
      return sam.press(asked, 'Deploy to production')
    },
  ]
  for (const ask of answers) {
    const refused = await ask()
    expect(refused.text).toContain('needs the Helix role operator')
    expect(refused.ephemeral).toBe(true)
  }
  const standing = await sam.messages(asked.channel)
  expect(standing.filter(({ flags }) => (flags & 128) !== 0)).toEqual([])
})

test('a pressed button edits the message it stands on, and a whisper beside it is for its member alone', async () => {
  next = async (incoming) => {
    if (incoming.kind === 'autocomplete') return
    if (incoming.kind === 'command') {
      await incoming.acknowledge('public')
      await incoming.answer(await render(typicalReports.confirm!))
      return
    }
    expect(incoming.customId).toBe('id:Deploy to production')
    await incoming.acknowledge('update')
    await incoming.answer(await render(typicalReports['deploy-under-way']!))
  }
  const asked = await sam.slash('status')
  const pressed = await sam.press(asked, 'Deploy to production')
  expect(pressed.id).toBe(asked.id)
  expect(pressed.text).toContain('Deploying voice-processor')
})

test('suggestions reach the member', async () => {
  next = async (incoming) => {
    if (incoming.kind === 'autocomplete') await incoming.respond([{ name: `${incoming.focused}=${incoming.typed}`, value: 'api' }])
  }
  expect(await sam.autocomplete('deploy', { service: 'a' }, 'service')).toEqual([{ name: 'service=a', value: 'api' }])
})

describe('when Discord has trouble', () => {
  test('an acknowledgement that is committed and then lost is known as ours', async () => {
    await discord.fault('commit-then-timeout', { route: '/interactions/*/*/callback', method: 'POST', times: 1 })
    next = async (incoming) => {
      if (incoming.kind !== 'command') return
      const ref = await incoming.acknowledge('public')
      await incoming.answer({ content: `stands at ${ref?.message}`, embeds: [], components: [] })
    }
    const message = await sam.slash('status')
    expect(message.text).toBe(`stands at ${message.id}`)
  })

  test('an interaction that another process has is gone, quietly', async () => {
    const outcome = Promise.withResolvers<unknown>()
    next = async (incoming) => {
      if (incoming.kind !== 'command') return
      await incoming.acknowledge('public')
      await incoming.acknowledge('public').catch(outcome.resolve)
      await incoming.answer({ content: 'done', embeds: [], components: [] })
    }
    await sam.slash('status')
    const error = await outcome.promise
    expect(error).toBeInstanceOf(InteractionGone)
    expect(error).toMatchObject({ why: 'elsewhere' })
  })

  test('a cut gateway is resumed, and the next command is answered', async () => {
    await discord.fault('drop-gateway')
    next = async (incoming) => {
      if (incoming.kind !== 'command') return
      await incoming.acknowledge('public')
      await incoming.answer({ content: 'still here', embeds: [], components: [] })
    }
    expect((await sam.slash('status')).text).toBe('still here')
  })
})
