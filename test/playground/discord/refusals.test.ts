import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type RefusalName, refusals } from '#playground/discord/refusals.ts'
import { type Stage, setStage } from './refusal-stage.ts'
import { type RestAnswer, values } from './running-discord.ts'

const nobody = '1100000000000009999'
const guild = `/guilds/${values.guildId}`
const commands = `/applications/${values.applicationId}/guilds/${values.guildId}/commands`
const command = (name: string) => ({ name, description: 'One' })
const hundred = (prefix: string) => Array.from({ length: 100 }, (_, index) => command(`${prefix}${index}`))

function files(bytes: number): FormData {
  const form = new FormData()
  form.set('payload_json', JSON.stringify({ content: 'a file' }))
  form.set('files[0]', new Blob([Buffer.alloc(bytes)]), 'big.bin')
  return form
}

async function openThread({ rest, message }: Stage): Promise<string> {
  const { path } = await message()
  return (await rest('POST', `${path}/threads`, { name: 'a thread' })).body.id
}

/** How each row comes about. A row without a scenario does not compile. */
const scenarios: Record<RefusalName, (stage: Stage) => Promise<RestAnswer | undefined>> = {
  unauthorized: ({ rest }) => rest('GET', '/users/@me', undefined, { authorization: 'Bot nobody' }),
  unserved: ({ rest }) => rest('GET', '/voice/regions'),
  rateLimited: async ({ rest, general }) => {
    const send = () => rest('POST', `/channels/${general}/messages`, { content: 'a' })
    return (await Promise.all(Array.from({ length: 6 }, send))).find(({ status }) => status !== 200)
  },
  globallyLimited: async ({ rest }) => {
    const answers = await Promise.all(Array.from({ length: 51 }, () => rest('GET', '/users/@me')))
    return answers.find(({ status }) => status !== 200)
  },
  injected: async ({ rest, fault }) => {
    await fault('refuse', { route: '/users/*', status: 500 })
    return rest('GET', '/users/@me')
  },
  unknownApplication: ({ rest }) => rest('GET', `/applications/${nobody}/commands`),
  unknownChannel: ({ rest }) => rest('GET', `/channels/${nobody}`),
  unknownGuild: ({ rest }) => rest('GET', `/guilds/${nobody}`),
  unknownMember: ({ rest }) => rest('GET', `${guild}/members/${nobody}`),
  unknownMessage: ({ rest, general }) => rest('GET', `/channels/${general}/messages/${nobody}`),
  unknownRole: ({ rest }) => rest('GET', `${guild}/roles/${nobody}`),
  unknownUser: ({ rest }) => rest('GET', `/users/${nobody}`),
  unknownWebhook: async ({ rest, interaction }) => rest('PATCH', `${(await interaction()).webhook}/messages/@original`, { content: 'a' }),
  unknownInteraction: async ({ rest, interaction, clock }) => {
    const { callback } = await interaction()
    await clock.turn(3_000)
    return rest('POST', callback, { type: 5 })
  },
  unknownCommand: ({ rest }) => rest('GET', `${commands}/${nobody}`),
  pinsFull: async ({ rest, message, unlimited, general }) => {
    await unlimited(250, async () => rest('PUT', `/channels/${general}/messages/pins/${(await message()).id}`))
    const [last] = await unlimited(1, async () => rest('PUT', `/channels/${general}/messages/pins/${(await message()).id}`))
    return last
  },
  commandsFull: ({ rest }) => rest('PUT', commands, [...hundred('a'), command('one-more')]),
  dailyCreates: async ({ rest }) => {
    await rest('PUT', commands, hundred('a').slice(0, 99))
    await rest('PUT', commands, hundred('b'))
    return rest('PUT', commands, hundred('c'))
  },
  oldEdits: async ({ rest, message, fault }) => {
    const { id, path } = await message()
    await fault('age-message', { message: id, minutes: 61 })
    for (let edit = 0; edit < 3; edit++) expect((await rest('PATCH', path, { content: `${edit}` })).status).toBe(200)
    return rest('PATCH', path, { content: 'one too many' })
  },
  requestTooLarge: ({ rest, general }) => rest('POST', `/channels/${general}/messages`, 'x'.repeat(26 * 1024 * 1024)),
  alreadyAcknowledged: async ({ rest, interaction, clock }) => {
    const { callback } = await interaction()
    await rest('POST', callback, { type: 5 })
    await clock.turn(5_000)
    return rest('POST', callback, { type: 5 })
  },
  userAgent: ({ rest }) => rest('GET', '/users/@me', undefined, { 'user-agent': 'curl/8' }),
  missingAccess: async ({ rest, fault, general }) => {
    await fault('revoke-permission', { channel: 'general', permission: 'VIEW_CHANNEL' })
    return rest('POST', `/channels/${general}/messages`, { content: 'a' })
  },
  notTheAuthor: async ({ rest, user, general }) => {
    const { id } = await user.say('mine')
    return rest('PATCH', `/channels/${general}/messages/${id}`, { content: 'yours' })
  },
  emptyMessage: ({ rest, general }) => rest('POST', `/channels/${general}/messages`, { content: '  ', embeds: [] }),
  notInThisChannel: async ({ rest, user }) => {
    const place = `/channels/${user.channel('Bridge')}/messages`
    const { id } = (await rest('POST', place, { content: 'a' })).body
    return rest('POST', `${place}/${id}/threads`, { name: 'a' })
  },
  missingPermissions: async ({ rest, fault, general }) => {
    await fault('revoke-permission', { channel: 'general', permission: 'SEND_MESSAGES' })
    return rest('POST', `/channels/${general}/messages`, { content: 'a' })
  },
  tokenExpired: async ({ rest, interaction, clock }) => {
    const { callback, webhook } = await interaction()
    await rest('POST', callback, { type: 5 })
    await clock.turn(15 * 60_000)
    return rest('PATCH', `${webhook}/messages/@original`, { content: 'a' })
  },
  invalidForm: ({ rest, general }) => rest('POST', `/channels/${general}/messages`, { content: 'x'.repeat(2001) }),
  fileTooLarge: ({ rest, general }) => rest('POST', `/channels/${general}/messages`, files(10 * 1024 * 1024 + 1)),
  archivedThread: async (stage) => {
    const thread = await openThread(stage)
    await stage.rest('PATCH', `/channels/${thread}`, { archived: true })
    return stage.rest('POST', `/channels/${thread}/messages`, { content: 'a' })
  },
  invalidJson: ({ rest, general }) => rest('POST', `/channels/${general}/messages`, '{"content":'),
  threadExists: async ({ rest, message }) => {
    const { path } = await message()
    await rest('POST', `${path}/threads`, { name: 'a' })
    return rest('POST', `${path}/threads`, { name: 'b' })
  },
  threadLocked: async (stage) => {
    const thread = await openThread(stage)
    await stage.rest('PATCH', `/channels/${thread}`, { locked: true })
    return stage.rest('POST', `/channels/${thread}/messages`, { content: 'a' })
  },
}

describe('Discord refuses, row by row', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await setStage()
  })
  afterEach(() => stage.close())

  test.for(Object.keys(refusals) as RefusalName[])('%s', async (name) => {
    const answer = await scenarios[name](stage)
    const { code, status, message } = refusals[name]
    expect({ status: answer?.status, body: answer?.body }).toMatchObject({ status, body: { code, message } })
    // Without it discord.js would ask again at once, for ever.
    if (status === 429) expect(Number(answer?.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})
