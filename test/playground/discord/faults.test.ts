import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Stage, setStage } from './refusal-stage.ts'
import { startDiscord } from './running-discord.ts'

describe('faults', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await setStage()
  })
  afterEach(() => stage.close())
  const me = () => stage.rest('GET', '/users/@me')

  test('refuse: so many requests of a route get the status, with Retry-After on 429, then all is well', async () => {
    await stage.fault('refuse', { route: '/users/*', status: 429, times: 2, retryAfter: 7 })
    const [first, second, third] = [await me(), await me(), await me()]
    expect([first.status, second.status, third.status]).toEqual([429, 429, 200])
    expect([first.headers.get('retry-after'), first.body.retry_after]).toEqual(['7', 7])
    expect((await stage.rest('GET', '/applications/@me')).status).toBe(200)
  })

  test('delay before: the callback is acted on too late', async () => {
    await stage.fault('delay', { ms: 3_500 })
    const { callback } = await stage.interaction()
    const asked = stage.rest('POST', callback, { type: 5 })
    await stage.wire.slept(3_500)
    await stage.clock.turn(3_500)
    await stage.wire.turn(3_500)
    expect((await asked).body.code).toBe(10062)
  })

  test('delay after: the callback is acted on at once, and answered late', async () => {
    await stage.fault('delay', { ms: 1_000, when: 'after' })
    const begun = stage.user.begin('x')
    const { d } = await stage.bot.nth('INTERACTION_CREATE', 0)
    const asked = stage.rest('POST', `/interactions/${d.id}/${d.token}/callback`, { type: 5 })
    expect((await begun).loading).toBe(true)
    await stage.wire.turn(1_000)
    expect((await asked).status).toBe(204)
  })

  test.for(['cut', 'hang'])('commit-then-timeout (%s): the message stands, the answer never comes', async (ending) => {
    await stage.fault('commit-then-timeout', { ending })
    const asked = stage.message({ content: 'sent' })
    const lost = expect(asked).rejects.toThrow('fetch failed')
    await stage.user.message(({ text }) => text === 'sent')
    // What hangs ends with the fault.
    await stage.fault('clear')
    await lost
  })

  test('archive-thread: nobody can write there before it is taken up again; a locked one stays shut', async () => {
    const { id } = await stage.message({ content: 'it hangs on this' })
    await stage.rest('POST', `/channels/${stage.general}/messages/${id}/threads`, { name: 'talk' })
    const write = () => stage.rest('POST', `/channels/${id}/messages`, { content: 'a' })
    expect((await write()).status).toBe(200)
    await stage.fault('archive-thread', { thread: 'talk' })
    expect((await write()).body.code).toBe(50083)
    await stage.rest('PATCH', `/channels/${id}`, { archived: false })
    expect((await write()).status).toBe(200)
    const [shown] = await stage.user.messages('general')
    expect(shown).toMatchObject({ id, thread: { name: 'talk', message_count: 2 } })
    await stage.fault('archive-thread', { thread: 'talk', locked: true })
    expect((await write()).body.code).toBe(160005)
  })

  test('revoke-permission: refused with 50013, and told at the gateway, until cleared', async () => {
    await stage.fault('revoke-permission', { channel: 'general' })
    await stage.bot.frame('CHANNEL_UPDATE')
    const send = () => stage.rest('POST', `/channels/${stage.general}/messages`, { content: 'a' })
    expect((await send()).body.code).toBe(50013)
    await stage.fault('clear')
    expect((await send()).status).toBe(200)
  })

  test('delete-channel: gone with 10003 until cleared', async () => {
    await stage.fault('delete-channel', { channel: 'alerts' })
    const { d } = await stage.bot.frame('CHANNEL_DELETE')
    expect((await stage.rest('GET', `/channels/${d.id}`)).body.code).toBe(10003)
    await stage.fault('clear')
    expect((await stage.rest('GET', `/channels/${d.id}`)).body.name).toBe('alerts')
  })

  test('a channel or a message that is not there is said', async () => {
    await expect(stage.fault('delete-channel', { channel: 'nowhere' })).rejects.toThrow('There is no channel nowhere')
    await expect(stage.fault('age-message', { message: '1' })).rejects.toThrow('There is no message 1')
  })
})

test('every fault says what it does, and its form can be shown', async () => {
  const discord = await startDiscord()
  for (const { describe: sentence, schema } of Object.values(discord.emulator.faults)) {
    expect(sentence).toMatch(/^[A-Z].{10,}/)
    expect(z.toJSONSchema(schema, { io: 'input' })).toMatchObject({ type: 'object' })
  }
  await discord.close()
})
