import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { channels } from '#src/kernel/channels.ts'
import { discordFault } from '#test/delivery/discord-double.ts'
import { call, type EchoStage, echoStage } from './stage.ts'

const stream = channels.agentEvents
vi.setConfig({ testTimeout: 90_000 })

let stage: EchoStage
beforeEach(async () => {
  stage = await echoStage()
})
afterEach(() => stage.stop())

const isRead = () => stage.eventually(async () => expect(await stage.redis.exists(`helix:reader:${stream}`)).toBe(1))
const listed = async () => (await stage.echoes.list({ guild: '1' }))[0]
const deleted = (agent_id: string) => ({ event: 'agent_deleted', agent_id })

/** Discord takes edits there, and no new message. */
function revoke(): () => void {
  const { before } = stage.discord
  stage.discord.before = async (what, message, channel) => {
    await before(what, message, channel)
    if (what === 'create') throw discordFault('Helix lacks a permission there (50013: Missing Permissions)', { status: 403, code: 50013 })
  }
  return () => void Object.assign(stage.discord, { before })
}

async function bound() {
  const bot = await stage.bot()
  await stage.echoes.bind(call, { stream, channel: 'c', mode: 'changes' })
  await stage.eventually(() => expect(stage.texts()).toHaveLength(1))
  await isRead()
  return bot
}

test('changes that Discord refuses while it takes the scoreboard are in the list, and told in their order when it takes them', async () => {
  const bot = await bound()
  const allow = revoke()
  await bot.streams.publish(stream, deleted('LOST1'))
  await stage.eventually(async () => expect((await listed())?.trouble).toContain('50013'))
  await bot.streams.publish(stream, deleted('LOST2'))
  // The scoreboard goes on, and does not hide that.
  await stage.eventually(() => expect(stage.texts()[0]).toContain('2 messages'))
  expect((await listed())?.trouble).toContain('50013')
  allow()
  await bot.streams.publish(stream, deleted('AFTER'))
  await stage.eventually(() => expect(stage.texts().slice(1).join('\n')).toMatch(/LOST1[\s\S]*LOST2[\s\S]*AFTER/))
  await stage.eventually(async () => expect((await listed())?.trouble).toBeUndefined())
  expect(
    stage
      .texts()
      .join('\n')
      .match(/Agent LOST1 was deleted/g),
  ).toHaveLength(1)
})

test('what Discord refuses is in the status as long as only edits are taken', async () => {
  const bot = await bound()
  const allow = revoke()
  const refused = () => stage.delivery.refused('1')
  await bot.streams.publish(stream, deleted('LOST1'))
  await stage.eventually(async () => expect(await refused()).toHaveLength(1))
  await bot.streams.publish(stream, deleted('LOST2'))
  await stage.eventually(() => expect(stage.texts()[0]).toContain('2 messages'))
  expect(await refused()).toMatchObject([{ channel: 'c' }])
  allow()
  await stage.echoes.bind(call, { stream, channel: 'c', mode: 'changes' })
  await stage.eventually(async () => expect(await refused()).toEqual([]))
})

test('whatever else Discord takes in that channel shows that what was refused can be told now', async () => {
  const bot = await bound()
  const allow = revoke()
  await bot.streams.publish(stream, deleted('LOST1'))
  await stage.eventually(async () => expect((await listed())?.trouble).toContain('50013'))
  await stage.store.db
    .updateTable('echo_bindings')
    .set({ retry_at: new Date(Date.now() + 1e12) })
    .execute()
  allow()
  await stage.echoes.bind(call, { stream: channels.zapierEvents, channel: 'c', mode: 'scoreboard' })
  await stage.eventually(() => expect(stage.texts().join('\n')).toContain('Agent LOST1 was deleted.'))
  await stage.eventually(async () => expect((await listed())?.trouble).toBeUndefined())
})

test('every stream of a channel that somebody deleted is in the list, whether or not anything was to be shown there', async () => {
  await bound()
  await stage.echoes.bind(call, { stream: channels.zapierEvents, channel: 'c', mode: 'scoreboard' })
  stage.gone.add('c')
  const all = await stage.echoes.list({ guild: '1' })
  expect(all.map(({ where, trouble }) => [where, trouble?.slice(0, 24)])).toEqual([
    ['a deleted channel (c)', 'The channel was deleted:'],
    ['a deleted channel (c)', 'The channel was deleted:'],
  ])
  expect((await stage.echoes.unbind(call, { stream, channel: 'c' })).where).toBe('a deleted channel (c)')
})
