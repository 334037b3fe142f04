import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DiscordUser } from '#test/support/discord-user.ts'
import { ClientApiError } from '#test/support/user-api.ts'
import { type RunningDiscord, startDiscord, values } from './running-discord.ts'

const option = { type: 4, name: 'count', description: 'How many', required: true, min_value: 1, max_value: 5 }
const commands = [
  { name: 'open', description: 'For all', options: [option] },
  { name: 'closed', description: 'For administrators', default_member_permissions: '0' },
  { name: 'guarded', description: 'For those who manage the server', default_member_permissions: '32' },
]

describe("the members' side", () => {
  let discord: RunningDiscord
  let admin: DiscordUser
  let viewer: DiscordUser
  beforeAll(async () => {
    discord = await startDiscord()
    await discord.rest('PUT', `/applications/${values.applicationId}/guilds/${values.guildId}/commands`, commands)
    admin = await discord.user('playground-admin')
    viewer = await discord.user('playground-viewer')
  })
  afterAll(() => discord.close())

  const refused = async (asked: Promise<unknown>) => {
    const error = await asked.catch((caught: unknown) => caught)
    if (!(error instanceof ClientApiError)) throw new Error(`not refused: ${error}`)
    return [error.status, error.body.code]
  }
  const run = (user: DiscordUser, data: object) => {
    const place = { application_id: values.applicationId, guild_id: values.guildId, channel_id: user.channel('general') }
    return user.api('POST', '/interactions', { type: 2, ...place, session_id: user.session, nonce: '1', data })
  }
  const named = async (name: string) => {
    const found = (await admin.commands()).find((command) => command.name === name)
    return { id: found?.id, version: found?.version, name, options: [] as object[] }
  }

  test.for(['admin', 'deployer', 'operator', 'viewer', 'stranger'])('playground-%s logs in with its name as its token', async (name) => {
    const user = await discord.user(`playground-${name}`)
    expect([user.name, user.guild.name]).toEqual([`playground-${name}`, 'Helix Playground'])
    expect(await user.api('GET', '/users/@me')).toMatchObject({ id: user.id })
  })

  test('an unknown token is refused with 401, and the bot token is none of a member', async () => {
    const ask = (authorization: string) => fetch(`${discord.url}/api/v9/users/@me`, { headers: { authorization } })
    expect((await ask('nobody')).status).toBe(401)
    expect((await ask(`Bot ${values.botToken}`)).status).toBe(401)
  })

  test('each sees the commands that its permissions open', async () => {
    expect((await admin.commands()).map(({ name }) => name)).toEqual(['open', 'closed', 'guarded'])
    expect((await viewer.commands()).map(({ name }) => name)).toEqual(['open'])
    const found = await viewer.api<{ application_commands: object[] }>(
      'GET',
      `/channels/${viewer.channel('general')}/application-commands/search?query=op`,
    )
    expect(found.application_commands).toMatchObject([{ name: 'open' }])
    expect(await refused(run(viewer, await named('closed')))).toEqual([403, 50013])
  })

  test.for<[string, object[]]>([
    ['a required option that is missing', []],
    ['an option that there is not', [{ type: 4, name: 'other', value: 1 }]],
    ['a value of another type', [{ type: 4, name: 'count', value: 'one' }]],
    ['a value out of range', [{ type: 4, name: 'count', value: 6 }]],
  ])('refused: %s', async ([, options]) => {
    expect(await refused(run(viewer, { ...(await named('open')), options }))).toEqual([400, 50035])
  })

  test('a command that was registered anew since is outdated', async () => {
    const stale = await named('open')
    const changed = commands.map((command) => ({ ...command, description: 'Changed' }))
    await discord.rest('PUT', `/applications/${values.applicationId}/guilds/${values.guildId}/commands`, changed)
    const options = [{ type: 4, name: 'count', value: 1 }]
    expect(await refused(run(viewer, { ...stale, options }))).toEqual([400, 50035])
    await run(viewer, { ...(await named('open')), options })
  })

  test('registering the same again changes no version', async () => {
    const before = await named('open')
    const same = commands.map((command) => ({ ...command, description: 'Changed' }))
    await discord.rest('PUT', `/applications/${values.applicationId}/guilds/${values.guildId}/commands`, same)
    expect(await named('open')).toEqual(before)
  })

  test('members talk to each other, and see it live', async () => {
    const { id } = await viewer.say('hello <@1100000000000000401>')
    const seen = await admin.message((message) => message.id === id)
    expect(seen.data).toMatchObject({ author: { username: 'playground-viewer' }, mentions: [{ username: 'playground-admin' }] })
  })

  test('the state lists ids for scripts, and no secret', () => {
    const state = discord.emulator.state()
    expect(state).toMatchObject({
      guild: { id: values.guildId },
      application: { id: values.applicationId },
      accounts: [{ token: 'playground-admin', role: 'admin' }, {}, {}, { name: 'playground-viewer', roles: ['Viewer'] }, { role: null }],
      commands: [{ name: 'open', version: expect.any(String), options: [option] }, {}, {}],
      unserved: [],
    })
    expect(JSON.stringify(state)).not.toContain(values.botToken)
  })
})
