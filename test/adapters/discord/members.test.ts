import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDiscordMembers } from '#src/adapters/discord/members.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { type RunningDiscord, startDiscord, values } from '#test/playground/discord/running-discord.ts'

let discord: RunningDiscord
beforeAll(async () => {
  discord = await startDiscord()
})
afterAll(() => discord.close())
const members = (token: string = values.botToken) => createDiscordMembers({ token, apiUrl: `${discord.url}/api` })
const accountOf = async (name: string) => (await discord.user(name)).id

test('a member is read with name and roles as they are at this moment', async () => {
  const id = await accountOf('playground-deployer')
  const member = await members().read(values.guildId, id)
  expect(member).toMatchObject({ id, name: 'Dana (deployer)', standing: { administrator: false } })
  expect(member!.standing.roles).toHaveLength(1)
})

test('the owner of the server is an administrator, whatever the roles', async () => {
  expect((await members().read(values.guildId, await accountOf('playground-admin')))!.standing.administrator).toBe(true)
})

test('whoever is no member is none; a Discord that refuses is an error', async () => {
  expect(await members().read(values.guildId, '1100000000000009999')).toBeUndefined()
  await expect(members('no-token').read(values.guildId, await accountOf('playground-deployer'))).rejects.toBeInstanceOf(UpstreamError)
})
