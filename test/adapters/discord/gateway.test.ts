import { once } from 'node:events'
import { describe, expect, test, vi } from 'vitest'
import { ConfigError, UpstreamError } from '#src/kernel/errors.ts'
import { hurriedClock } from '#test/support/hurried-clock.ts'
import { connect, refused } from './connect.ts'
import { slash } from './interactions.ts'
import { guild, guildCreate, type Reply, type Seen } from './wire.ts'

describe('the session', () => {
  test('starts with the two intents that need no permission, and says when it is ready', async () => {
    const { wire, start, happened, gateway } = await connect()
    const identified = new Promise<{ d: { intents: number } }>((resolve) =>
      wire.events.once('connect', () => wire.socket().on('message', (data) => resolve(JSON.parse(String(data))))),
    )
    await start()
    expect((await identified).d.intents).toBe(129)
    expect(happened).toEqual([['discord.ready', { name: 'Helix', guilds: [{ id: guild.id, name: 'Team' }] }]])
    // Ready, but no heartbeat was answered yet.
    expect(gateway.ping()).toBe(-1)
  })

  test('a guild that is joined later is told', async () => {
    const { wire, start, until } = await connect()
    await start()
    wire.dispatch('GUILD_CREATE', guildCreate({ ...guild, id: '800000000000000002', name: 'Other' }))
    expect(await until('discord.guild-joined')).toEqual({ id: '800000000000000002', name: 'Other' })
  })

  test.each([
    ['401 at REST', { reply: ({ path }: Seen) => (path === '/gateway/bot' ? refused(401, 0) : undefined) }],
    ['close 4004', { refuse: 4004 }],
  ])('a refused token (%s) is a ConfigError that names the variable and not the value', async (_, given) => {
    const { start } = await connect(given)
    const error = await start().catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as Error).message).toContain('DISCORD_BOT_TOKEN')
    expect((error as Error).message).not.toContain('a-token')
  })

  test('while Discord cannot be reached the start is tried again', async () => {
    let asked = 0
    const down = ({ path }: Seen): Reply | undefined => (path === '/gateway/bot' && ++asked <= 4 ? { status: 503 } : undefined)
    const { start, happened } = await connect({ reply: down }, hurriedClock(100))
    await start()
    expect(happened.map(([name]) => name)).toEqual(['discord.ready'])
  })

  test('and given up after three minutes', async () => {
    const { start } = await connect({ reply: () => ({ status: 503 }) }, hurriedClock(2_000))
    await expect(start()).rejects.toBeInstanceOf(UpstreamError)
  })

  test('no session starts are burnt when Discord has none left', async () => {
    const limit = { total: 1000, remaining: 0, reset_after: 1000, max_concurrency: 1 }
    const { start, wire } = await connect({
      reply: () => ({ status: 200, json: { url: 'ws://127.0.0.1:1', shards: 1, session_start_limit: limit } }),
    })
    await expect(start()).rejects.toThrow('no more session starts today')
    expect(wire.seen).toHaveLength(1)
  })

  test('a cut connection is resumed', async () => {
    const { wire, start, happened } = await connect()
    await start()
    const resumed = once(wire.events, 'resume')
    wire.socket().terminate()
    await resumed
    wire.dispatch('INTERACTION_CREATE', slash('status'))
    await vi.waitFor(() => expect(happened.map(([name]) => name)).toEqual(['discord.ready', 'discord.interaction']))
  })

  test.each([4004, 4010, 4011, 4012, 4013, 4014])('close %i later on means that it is lost', async (code) => {
    const { wire, start, until } = await connect()
    await start()
    wire.socket().close(code)
    expect(await until('discord.lost')).toEqual({ code, reason: expect.any(String) })
  })

  test('a session that is not ready again within minutes is lost', async () => {
    let answers = true
    const { wire, start, until } = await connect({ answerIdentify: () => answers }, hurriedClock(1_000))
    await start()
    answers = false
    wire.socket().terminate()
    expect(await until('discord.lost')).toMatchObject({ code: 0 })
  })

  test('a broken interaction and a listener that throws end nothing', async () => {
    const { wire, gateway, log } = await connect()
    let calls = 0
    await gateway.start((name) => {
      if (name !== 'discord.interaction') return
      calls += 1
      throw new Error('a bug in a listener')
    })
    wire.dispatch('INTERACTION_CREATE', slash('status'))
    wire.dispatch('INTERACTION_CREATE', { ...slash('status'), data: { id: '2', name: 'status', type: 1, options: null } })
    wire.dispatch('INTERACTION_CREATE', slash('status'))
    await vi.waitFor(() => expect(calls).toBe(2))
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(3)
  })
})
