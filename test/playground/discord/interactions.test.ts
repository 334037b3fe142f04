import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { InteractionFailed } from '#test/support/interaction-answers.ts'
import { type Stage, setStage } from './refusal-stage.ts'
import { values } from './running-discord.ts'

const modal = { custom_id: 'm', title: 'M', components: [{ type: 18, label: 'L', component: { type: 4, custom_id: 't', style: 1 } }] }
const bodies: Readonly<Record<number, object>> = {
  4: { type: 4, data: { content: 'a', tts: false } },
  5: { type: 5, data: { flags: 0 } },
  6: { type: 6 },
  7: { type: 7, data: { content: 'b' } },
  8: { type: 8, data: { choices: [] } },
  9: { type: 9, data: modal },
}
const panel = { content: 'panel', components: [{ type: 1, components: [{ type: 2, style: 1, label: 'Go', custom_id: 'go' }] }] }

describe('interactions', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await setStage()
  })
  afterEach(() => stage.close())

  const press = async () => {
    const { id } = await stage.message(panel)
    const live = await stage.user.message((message) => message.id === id)
    const earlier = stage.bot.frames.filter(({ t }) => t === 'INTERACTION_CREATE').length
    void stage.user.press(live, 'Go').catch(() => undefined)
    const { d } = await stage.bot.nth('INTERACTION_CREATE', earlier)
    return { ...d, callback: `/interactions/${d.id}/${d.token}/callback`, webhook: `/webhooks/${values.applicationId}/${d.token}` }
  }

  test.for([
    [4, 204],
    [5, 204],
    [6, 400],
    [7, 400],
    [8, 400],
    [9, 204],
    [1, 400],
  ])('a command may be answered with callback %i: %i', async ([type = 0, status]) => {
    const { callback } = await stage.interaction()
    expect((await stage.rest('POST', callback, bodies[type] ?? { type })).status).toBe(status)
  })

  test.for([
    [4, 204],
    [5, 204],
    [6, 204],
    [7, 204],
    [8, 400],
    [9, 204],
  ])('a component may be answered with callback %i: %i', async ([type = 0, status]) => {
    const { callback } = await press()
    expect((await stage.rest('POST', callback, bodies[type])).status).toBe(status)
  })

  test.for([
    [6, 400],
    [7, 404],
    [9, 400],
    [4, 204],
  ])('the modal of a command may be answered with callback %i: %i', async ([type = 0, status]) => {
    const opened = stage.user.slashForModal('x')
    const { d: asked } = await stage.bot.nth('INTERACTION_CREATE', 0)
    await stage.rest('POST', `/interactions/${asked.id}/${asked.token}/callback`, bodies[9])
    void stage.user.submit(await opened, { t: 'text' }).catch(() => undefined)
    const { d } = await stage.bot.nth('INTERACTION_CREATE', 1)
    expect(d.data.components).toMatchObject([{ type: 18, component: { type: 4, custom_id: 't', value: 'text' } }])
    expect((await stage.rest('POST', `/interactions/${d.id}/${d.token}/callback`, bodies[type])).status).toBe(status)
  })

  test('the bot is told everything that discord.js reads', async () => {
    expect(await stage.interaction()).toMatchObject({
      application_id: values.applicationId,
      version: 1,
      entitlements: [],
      authorizing_integration_owners: { '0': values.guildId },
      context: 0,
      guild_id: values.guildId,
      channel: { id: stage.general, type: 0 },
      member: { user: { username: 'playground-admin' }, roles: [values.roles.admin], permissions: expect.stringMatching(/^\d+$/) },
      app_permissions: expect.stringMatching(/^\d+$/),
      data: { name: 'x', type: 1 },
    })
  })

  test('with_response tells about the answer', async () => {
    const { id, callback } = await stage.interaction()
    const { status, body } = await stage.rest('POST', `${callback}?with_response=true`, { type: 4, data: { content: 'a', flags: 64 } })
    expect([status, body]).toMatchObject([
      200,
      {
        interaction: { id, type: 2, response_message_ephemeral: true, response_message_loading: false },
        resource: { type: 4, message: { content: 'a' } },
      },
    ])
  })

  test('no answer within three seconds: the member is told, and the token is worth nothing', async () => {
    const begun = stage.user.begin('x')
    const failed = expect(begun).rejects.toThrow(InteractionFailed)
    const { d } = await stage.bot.nth('INTERACTION_CREATE', 0)
    await stage.clock.turn(3_000)
    await failed
    expect((await stage.rest('POST', `/interactions/${d.id}/${d.token}/callback`, { type: 5 })).body.code).toBe(10062)
    expect((await stage.rest('POST', `/webhooks/${values.applicationId}/${d.token}`, { content: 'a' })).body.code).toBe(10015)
  })

  test('an answer at 2.999 s is in time, and serves for fifteen minutes', async () => {
    const { callback, webhook } = await stage.interaction()
    await stage.clock.turn(2_999)
    expect((await stage.rest('POST', callback, { type: 5 })).status).toBe(204)
    await stage.clock.turn(15 * 60_000 - 3_000)
    expect((await stage.rest('PATCH', `${webhook}/messages/@original`, { content: 'a' })).status).toBe(200)
  })

  test('the first follow-up after a deferral fills the loading message, whatever its flags say', async () => {
    const { callback, webhook } = await stage.interaction()
    const { body } = await stage.rest('POST', `${callback}?with_response=true`, { type: 5 })
    const filled = await stage.rest('POST', webhook, { content: 'a', flags: 64 })
    expect(filled.body).toMatchObject({ id: body.interaction.response_message_id, flags: 0, content: 'a' })
    expect((await stage.rest('POST', webhook, { content: 'b' })).body.id).not.toBe(filled.body.id)
  })

  test('an ephemeral message is reachable by its token alone', async () => {
    const { callback, webhook } = await stage.interaction()
    await stage.rest('POST', callback, { type: 4, data: { content: 'a', flags: 64 } })
    const { id } = (await stage.rest('GET', `${webhook}/messages/@original`)).body
    expect((await stage.rest('PATCH', `/channels/${stage.general}/messages/${id}`, { content: 'b' })).body.code).toBe(10008)
    expect((await stage.rest('PATCH', `${webhook}/messages/${id}`, { content: 'b' })).status).toBe(200)
    expect((await stage.rest('DELETE', `${webhook}/messages/@original`)).status).toBe(204)
    expect((await stage.rest('GET', `${webhook}/messages/@original`)).body.code).toBe(10008)
  })

  test('a token does not reach messages of others', async () => {
    const { id } = await stage.message()
    const { callback, webhook } = await stage.interaction()
    await stage.rest('POST', callback, { type: 5 })
    expect((await stage.rest('PATCH', `${webhook}/messages/${id}`, { content: 'b' })).body.code).toBe(10008)
  })

  test('an answer succeeds without the permission to send, a message of its own does not', async () => {
    await stage.fault('revoke-permission', { channel: 'general', permission: 'SEND_MESSAGES' })
    const { callback, app_permissions } = (await stage.interaction()) as unknown as { callback: string; app_permissions: string }
    expect(BigInt(app_permissions) & (1n << 11n)).toBe(0n)
    expect((await stage.rest('POST', callback, { type: 4, data: { content: 'a' } })).status).toBe(204)
  })
})
